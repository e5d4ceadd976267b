import { expect, it } from "vitest";
import { hidesNothing, leadsNowhereElse } from "./askable.ts";

it.each([
  ["https://crm.example/sign-in", true],
  ["http://localhost:3000/", true],
  ["http://127.0.0.1/", true],
  ["http://[::1]:80/", true],
  ["http://crm.example/", false],
  ["http://127.0.0.1.evil.example/", false],
  ["javascript:alert(1)", false],
  ["file:///etc/passwd", false],
  ["no address", false],
  [undefined, false],
])("[G7] lets a server send people to no address but a safe one: %s (SECURITY 23)", (url, isSafe) => {
  expect(leadsNowhereElse({ mode: "url", url })).toBe(isSafe);
});

const asksFor = (properties: object) => ({ message: "Who?", requestedSchema: { type: "object", properties } });

it.each([
  ["a name", { "pass\u200bword": { type: "string" } }],
  ["a value to choose", { name: { type: "string", enum: ["one", "two\u202e"] } }],
  ["a value with a title", { name: { oneOf: [{ const: "\u001b[31mone", title: "one" }] } }],
  ["one of several values", { names: { type: "array", items: { enum: ["one\u2060"] } } }],
  ["a value that is offered", { name: { type: "string", default: "\u200b" } }],
  ["a field named like words that are read", { title: { type: "string", default: "\u200b" } }],
])("[G7] knows a question that hides letters in %s (SECURITY 23)", (_, properties) => {
  expect(hidesNothing("elicitation/create", asksFor(properties))).toBe(false);
});

it("[G7] takes a question of which letters are hidden only where it is read: there they are shown (SECURITY 23)", () => {
  const name = { type: "string", title: "t\u202e", description: "\u200b", enum: ["é"], enumNames: ["\u200bone"] };
  expect(hidesNothing("elicitation/create", { ...asksFor({ name }), message: "\u202e" })).toBe(true);
  expect(hidesNothing("elicitation/create", undefined)).toBe(true);
  expect(hidesNothing("sampling/createMessage", { systemPrompt: "\u200b" })).toBe(true);
});
