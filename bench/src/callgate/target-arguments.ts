import { parseArgs } from "node:util";

export interface TargetArguments {
  readonly port: number;
  /** Where the gate keeps its store. */
  readonly folder: string;
  /** Where it leaves its address and a key. */
  readonly accessFile: string;
}

/** Reads what `ServerProcess` starts a gate under test with. */
export function readTargetArguments(): TargetArguments {
  const { values } = parseArgs({ options: { port: { type: "string" }, folder: { type: "string" } } });
  const { port, folder } = values;
  if (port === undefined || folder === undefined) throw new Error("Say where: --port N --folder PATH");
  return { port: Number(port), folder, accessFile: `${folder}/bench.json` };
}
