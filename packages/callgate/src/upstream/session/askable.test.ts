import { expect, it } from "vitest";
import { leadsNowhereElse } from "./askable.ts";

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
