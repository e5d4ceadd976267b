import { performance } from "node:perf_hooks";
import { compareSnapshots } from "../../packages/callgate/src/contract/compare-tools.ts";
import type { Snapshot } from "../../packages/callgate/src/contract/tool-contract.ts";

const TOOLS = 1_000;
const FIELDS = 20;

/** What a field of the made tools takes; `more` is what changes from one snapshot to the next. */
function field(at: number, more: number): object {
  const forms = [
    { anyOf: [{ type: "string" }, { type: "null" }] },
    { type: "array", items: { $ref: "#/$defs/item" } },
    { enum: ["a", "b", "c"] },
    { type: "integer", minimum: more },
    { type: ["string", "null"], description: `Field ${at}, ${more}.` },
  ];
  return forms[at % forms.length] ?? {};
}

function fields(more: number): object {
  return Object.fromEntries(Array.from({ length: FIELDS }, (_, at) => [`field_${at}`, field(at, more)]));
}

function snapshot(more: number): Snapshot {
  const item = { type: "object", properties: { id: { type: "string" }, price: { type: "number", maximum: 9 - more } } };
  const tools = Array.from({ length: TOOLS }, (_, at) => ({
    name: `tool_${at}`,
    domain: "made",
    version: 1,
    effect: "read" as const,
    description: `Tool ${at}, ${more}.`,
    timeoutMs: 5_000,
    approval: "none" as const,
    longRunning: false,
    input: { type: "object", properties: fields(more), required: ["field_1"], $defs: { item } },
    output: { type: "object", properties: fields(more), additionalProperties: false, $defs: { item } },
  }));
  return { callgate: 1, gate: "made", tools };
}

/** How long the comparison of a thousand changed tools takes, the first time in a process. */
export function timeComparison(): { readonly ms: number; readonly changes: number } {
  const [before, after] = [snapshot(0), snapshot(1)];
  const started = performance.now();
  const changes = compareSnapshots(before, after, { undeclared: "ignored" });
  return { ms: Math.round(performance.now() - started), changes: changes.length };
}
