import { parseArgs } from "node:util";
import { type HopTarget, hopTargets } from "./hop-targets.ts";

export interface HopOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  /** Calls a second while latency is measured. */
  readonly rate: number;
  readonly targets: readonly HopTarget[];
  /** Whether the gate before many servers takes part. */
  readonly many: boolean;
}

const MANY = "many";
const names = [...hopTargets.map(({ name }) => name), MANY];

/** The text of `--help`. */
export const hopUsage = `Usage: npm run bench:hop -- [options]

  --rounds N         rounds, each of which visits every way twice: without pause, then at a steady rate (5)
  --seconds N        length of each of the two (4)
  --connections N    keep-alive connections without pause (64)
  --rate N           calls a second while latency is measured (500)
  --only NAME,…      some ways only: ${names.join(", ")}
  --help             this text

Writes bench/results/hop.json. See bench/README.md for how to read the table.`;

/** Reads the command line; undefined means that help was asked for. */
export function readHopOptions(args: readonly string[]): HopOptions | undefined {
  const number = (value: string): { type: "string"; default: string } => ({ type: "string", default: value });
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: number("5"),
      seconds: number("4"),
      connections: number("64"),
      rate: number("500"),
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const only = values.only?.split(",");
  const count = (name: "rounds" | "seconds" | "connections" | "rate"): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1.`);
    return value;
  };
  return {
    rounds: count("rounds"),
    seconds: count("seconds"),
    connections: count("connections"),
    rate: count("rate"),
    targets: only === undefined ? hopTargets : only.filter((name) => name !== MANY).map(findTarget),
    many: only === undefined || only.includes(MANY),
  };
}

function findTarget(name: string): HopTarget {
  const target = hopTargets.find((candidate) => candidate.name === name);
  if (target !== undefined) return target;
  throw new Error(`There is no way "${name}". There are: ${names.join(", ")}.`);
}
