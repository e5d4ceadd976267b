import type { Snapshot, ToolContract } from "./tool-contract.ts";

/** The name of the file that is committed. */
export const SNAPSHOT_FILE = "callgate.contract.json";

/** Something that is no snapshot. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** A snapshot as it is committed: a block a tool, in the order of names, members in one order whatever the author's. */
export function printSnapshot(snapshot: Snapshot): string {
  const tools = snapshot.tools.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return joinBlocks(snapshot.gate, tools.map(printBlock));
}

/** One contract as it stands in a snapshot: two steps further in than alone. */
export function printBlock(contract: ToolContract): string {
  return JSON.stringify(inOrder(contract), null, 2).replaceAll("\n", "\n    ");
}

/** A snapshot from the blocks of its tools, which are in the order of their names. */
export function joinBlocks(gate: string, blocks: readonly string[]): string {
  const tools = blocks.length === 0 ? "[]" : `[\n    ${blocks.join(",\n    ")}\n  ]`;
  return `{\n  "callgate": 1,\n  "gate": ${JSON.stringify(gate)},\n  "tools": ${tools}\n}\n`;
}

/** One contract, as its block in a snapshot. */
export function printContract(contract: ToolContract): string {
  return `${JSON.stringify(inOrder(contract), null, 2)}\n`;
}

/** The members of a contract stay in their own order, which reads from name to schemas; those of schemas go by name. */
function inOrder({ input, output, include, ...rules }: ToolContract): unknown {
  return {
    ...rules,
    input: sorted(input),
    ...(output !== undefined && { output: sorted(output) }),
    ...(include !== undefined && { include: sorted(include) }),
  };
}

const FIRST = ["type", "description", "const", "enum", "$ref"];

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const first = FIRST.filter((name) => Object.hasOwn(value, name));
  const others = Object.keys(value).filter((name) => !FIRST.includes(name));
  return Object.fromEntries(
    [...first, ...others.toSorted()].map((name) => {
      const member = (value as Readonly<Record<string, unknown>>)[name];
      return [name, name === "required" ? asSet(member) : sorted(member)];
    }),
  );
}

/** The names of required fields have no order of their own; a field may be called `required` too. */
function asSet(member: unknown): unknown {
  const isNames = Array.isArray(member) && member.every((name) => typeof name === "string");
  return isNames ? member.toSorted() : sorted(member);
}

/** Reads what `printSnapshot` wrote; throws `SnapshotError` with what is wrong. */
export function parseSnapshot(text: string): Snapshot {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const conflict = text.includes("<<<<<<<") ? ": it holds a conflict of a merge" : "";
    throw new SnapshotError(`it is not JSON${conflict}`, { cause: error });
  }
  const { callgate, tools } = (value ?? {}) as { callgate?: unknown; tools?: unknown };
  if (callgate !== 1) throw new SnapshotError("it is no snapshot of this version of Callgate");
  if (!Array.isArray(tools) || !tools.every(isContract)) throw new SnapshotError("one of its tools is none");
  return value as Snapshot;
}

function isContract(tool: unknown): boolean {
  if (typeof tool !== "object" || tool === null) return false;
  const { name, version, input } = tool as Record<string, unknown>;
  return typeof name === "string" && typeof version === "number" && typeof input === "object" && input !== null;
}
