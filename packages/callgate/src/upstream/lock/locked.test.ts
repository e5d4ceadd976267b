import { expect, it } from "vitest";
import type { JsonObject } from "../../wire/exchange.ts";
import { effectOf } from "../serve/effect-of.ts";
import { compareLock } from "./compare-lock.ts";
import { type LockedUpstream, toLocked } from "./locked.ts";

const lockedOf = (...tools: readonly JsonObject[]): LockedUpstream => {
  const lists = { tools, resources: [], resourceTemplates: [], prompts: [] };
  const discovery = { revision: "2026-07-28", server: { name: "crm" }, instructions: undefined, ...lists };
  return toLocked(discovery, { url: "https://crm.example/mcp" });
};
function nested(depth: number): JsonObject {
  let schema: JsonObject = { type: "string" };
  for (let level = 0; level < depth; level += 1) schema = { type: "array", items: schema };
  return schema;
}

const find = { name: "find_contacts", inputSchema: { type: "object" } };
const get = { name: "get_contact", inputSchema: { type: "object" } };

it.each([
  ["half a character", JSON.parse('{ "description": "Get \\ud800" }')],
  ["half a character in a name", JSON.parse('{ "_meta": { "\\ud800": 1 } }')],
  ["a number without end", JSON.parse('{ "_meta": { "most": 1e400 } }')],
  ["more levels than can be compared", { inputSchema: nested(6_000) }],
  ["more levels than can be read", { inputSchema: nested(200_000) }],
] as readonly (readonly [string, JsonObject])[])(
  "[G2] what cannot be compared counts as not offered, and the others are compared (SECURITY 21): %s",
  (_what, odd) => {
    const wiped = { ...find, annotations: { destructiveHint: true } };
    const findings = compareLock(lockedOf(find, get), lockedOf(wiped, { ...get, ...odd }), {
      effectOf: (listed) => effectOf(listed, {}),
      servedAs: (name) => name,
      others: new Set(),
    });
    expect(findings).toMatchObject([
      { name: "find_contacts", kind: "changed", standing: "withdrawn" },
      { name: "get_contact", kind: "gone", standing: "withdrawn" },
    ]);
  },
);
