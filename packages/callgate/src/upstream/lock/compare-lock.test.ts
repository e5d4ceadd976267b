import { expect, it } from "vitest";
import type { JsonObject } from "../../wire/exchange.ts";
import { effectOf } from "../serve/effect-of.ts";
import { type Comparing, compareLock } from "./compare-lock.ts";
import { hashOf, type LockedUpstream } from "./locked.ts";

const comparing: Comparing = {
  effectOf: (listed) => effectOf(listed, { reads: ["find_*", "get_*"] }),
  servedAs: (name) => name,
  others: new Set(),
};
const tool = (name: string, inputSchema: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  inputSchema,
  ...more,
});
const offering = (...tools: readonly JsonObject[]): LockedUpstream => ({
  address: { url: "https://crm.example/mcp" },
  revision: "2026-07-28",
  server: "crm",
  tools: tools.map((listed) => ({ sha256: hashOf(listed), listed })),
  resources: [],
  resourceTemplates: [],
  prompts: [],
});

const find = tool("find_contacts", { type: "object", properties: { name: { type: "string" } } });
const get = tool("get_contact", { type: "object", properties: { id: { type: "string" } } });
const wiped = tool("find_contacts", { type: "object", required: ["card"] }, { annotations: { destructiveHint: true } });

it.each([
  ["a reference that cannot be decoded", { properties: { id: { $ref: "#/$defs/50%" } } }],
  ["no properties", { properties: null }],
  ["a word for a list", { required: "abc" }],
  ["an object for a list", { properties: { id: { enum: {} } } }],
])(
  "[G2] a tool is withdrawn for its own changes, whatever the schema of another has: %s (SECURITY 21)",
  (_what, odd) => {
    const findings = compareLock(
      offering(find, get),
      offering(wiped, tool("get_contact", { type: "object", ...odd })),
      comparing,
    );
    expect(findings).toMatchObject([
      { name: "find_contacts", verdict: "breaking", standing: "withdrawn" },
      { name: "get_contact", verdict: "breaking", standing: "withdrawn" },
    ]);
    expect(findings[0]?.changes.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(["input.required", "tool.effect"]),
    );
  },
);

it("[G2] what nobody has foreseen in one tool is a breaking change of that one alone (SECURITY 21)", () => {
  const unforeseen: Comparing = {
    ...comparing,
    effectOf: (listed) => {
      if (listed["name"] === "get_contact") throw new RangeError("too deep");
      return comparing.effectOf(listed);
    },
  };
  const changed = { ...get, title: "Contact" };
  const [first, second] = compareLock(offering(find, get), offering(wiped, changed), unforeseen);
  expect(first?.changes.map(({ rule }) => rule)).toContain("tool.effect");
  expect(second).toMatchObject({
    name: "get_contact",
    verdict: "breaking",
    standing: "withdrawn",
    changes: [{ tool: "get_contact", rule: "tool.unjudged" }],
    why: "It cannot be compared with what was accepted (too deep).",
  });
});

it("[G2] a server cannot make a comparison last by patterns, however many tools it has them in (SECURITY 25)", () => {
  const names = Array.from({ length: 20 }, (_, at) => `find_${at}`);
  const slow = { type: "string", pattern: "^(a+)+$", default: `${"a".repeat(50)}!` };
  const before = offering(
    ...names.map((name) => tool(name, { type: "object", properties: { a: { type: "string" } } })),
  );
  const after = offering(...names.map((name) => tool(name, { type: "object", properties: { a: slow } })));
  expect(compareLock(before, after, comparing).map(({ standing }) => standing)).toEqual(names.map(() => "withdrawn"));
});

/** Forms within forms that are compared with each other again and again. */
function entangled(fields: number): JsonObject {
  const names = ["x", "y", "z"];
  const form = (name: string): JsonObject => ({
    type: "object",
    properties: { [name]: { $ref: `#/$defs/${name}` } },
    required: [name],
    maxProperties: fields,
  });
  const $defs = Object.fromEntries(names.map((name) => [name, { anyOf: names.map(form) }]));
  return { type: "object", properties: { within: { $ref: "#/$defs/x" } }, $defs };
}

it("[G2] what a server changes is judged within bounds for all of it together: beyond them it is withdrawn (SECURITY 25)", () => {
  const plain = (fields: JsonObject): JsonObject => tool("z_plain", { type: "object", properties: fields });
  const [was, is] = [plain({ a: { type: "string" } }), plain({ a: { type: "string" }, b: { type: "string" } })];
  const tools = (fields: number): readonly JsonObject[] =>
    Array.from({ length: 100 }, (_, at) => tool(`a_${at}`, entangled(fields)));
  const standings = (before: readonly JsonObject[], after: readonly JsonObject[]) =>
    new Set(compareLock(offering(...before), offering(...after), comparing).map(({ standing }) => standing));
  expect(standings([was], [is])).toEqual(new Set(["served"]));
  expect(standings([...tools(9), was], [...tools(8), is])).toEqual(new Set(["withdrawn"]));
});
