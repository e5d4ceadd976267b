import { isDeepStrictEqual } from "node:util";
import type { Change } from "./change.ts";
import { compareRules } from "./compare-rules.ts";
import { compareSchemas, type SchemaPair } from "./compare-schemas.ts";
import { withNewNames } from "./renamed-fields.ts";
import type { SchemaChange } from "./schema-change.ts";
import type { Snapshot, ToolContract } from "./tool-contract.ts";

/** How contracts are judged. */
export type Judging = Pick<SchemaPair, "undeclared">;

/** Every difference between two snapshots, tool by tool in the order of their names. */
export function compareSnapshots(before: Snapshot, after: Snapshot, judging: Judging): readonly Change[] {
  const old = new Map(before.tools.map((tool) => [tool.name, tool]));
  const now = new Map(after.tools.map((tool) => [tool.name, tool]));
  const successors = new Map(
    after.tools.flatMap((tool) => (tool.renamed?.from ?? []).map((from) => [from, tool] as const)),
  );
  const renamed = new Set([...old.keys()].filter((name) => !now.has(name)).map((name) => successors.get(name)?.name));
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return names.flatMap((name): readonly Change[] => {
    const [was, is, successor] = [old.get(name), now.get(name), successors.get(name)];
    if (was !== undefined && is !== undefined) return compareTools(was, is, judging);
    if (was !== undefined && successor !== undefined) return compareRenamed(was, successor, judging);
    if (was !== undefined)
      return [{ ...whole, tool: name, verdict: "breaking", rule: "tool.removed", message: "The tool is gone." }];
    // A tool that has taken another one's place is told of where that one is.
    if (renamed.has(name)) return [];
    return [{ ...whole, tool: name, verdict: "additive", rule: "tool.added", message: "The tool is new." }];
  });
}

/** Whoever calls the former name is answered by the tool of now. */
function compareRenamed(was: ToolContract, is: ToolContract, judging: Judging): readonly Change[] {
  const message = `The tool was called "${was.name}", and still answers to it.`;
  const renamed: Change = { ...whole, tool: is.name, verdict: "additive", rule: "tool.renamed", message };
  const from = [...(was.renamed?.from ?? []), was.name];
  const before = { ...was, name: is.name, renamed: { ...was.renamed, from } };
  return [renamed, ...compareTools(before, is, judging)];
}

/** Every difference between two contracts of one tool. */
export function compareTools(before: ToolContract, after: ToolContract, judging: Judging): readonly Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  const changes = [
    ...compareRules(before, after),
    ...compareSchemas({ before: withNewNames(before, after), after: after.input, side: "input", ...judging }).map(
      below("/input"),
    ),
    ...compareOutputs(before, after, judging),
    ...compareParts(before, after, judging),
  ];
  return changes.map((change) => ({ tool: after.name, ...change }));
}

const whole = { pointer: "", fields: [] };

function below(pointer: string): (change: SchemaChange) => SchemaChange {
  return (change) => ({ ...change, pointer: `${pointer}${change.pointer}` });
}

function compareOutputs(
  { output: was }: ToolContract,
  { output: is }: ToolContract,
  judging: Judging,
): readonly SchemaChange[] {
  if (was !== undefined && is !== undefined)
    return compareSchemas({ before: was, after: is, side: "output", ...judging }).map(below("/output"));
  if (was === is) return [];
  const said = { pointer: "/output", fields: [] };
  return was === undefined
    ? [{ ...said, verdict: "additive", rule: "output.declared", message: "The result has a schema now." }]
    : [{ ...said, verdict: "breaking", rule: "output.undeclared", message: "The result has no schema any more." }];
}

/** A part that is gone is refused where it is asked for. */
function compareParts(
  { include: was = {} }: ToolContract,
  { include: is = {} }: ToolContract,
  judging: Judging,
): readonly SchemaChange[] {
  const parts = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  return parts.flatMap((part): readonly SchemaChange[] => {
    const pointer = `/include/${part}`;
    const [before, after] = [was[part], is[part]];
    const said = { pointer, fields: [part] };
    if (before === undefined)
      return [
        { ...said, verdict: "additive", rule: "include.added", message: `\`include\` has a part "${part}" now.` },
      ];
    if (after === undefined)
      return [
        {
          ...said,
          verdict: "breaking",
          rule: "include.removed",
          message: `\`include\` has no part "${part}" any more.`,
        },
      ];
    const changes = compareSchemas({ before, after, side: "include", ...judging });
    return changes.map(below(pointer)).map((change) => ({ ...change, fields: [part, ...change.fields] }));
  });
}
