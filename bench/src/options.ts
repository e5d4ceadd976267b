import { parseArgs } from "node:util";
import type { Target } from "./targets.ts";
import { targets } from "./targets.ts";

export interface BenchOptions {
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly targets: readonly Target[];
}

/** The text of `--help`. */
export const usage = `Usage: npm run bench -- [options]

  --rounds N         rounds, each of which visits every target once (5)
  --seconds N        length of a target's turn in a round (4)
  --warmup N         seconds of load before the first round, not counted (3)
  --connections N    keep-alive connections (64)
  --only NAME,…      some targets only: ${targets.map(({ name }) => name).join(", ")}
  --help             this text

Writes bench/results/latest.json. See bench/README.md for how to read the table.`;

/** Reads the command line; undefined means that help was asked for. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      warmup: { type: "string", default: "3" },
      connections: { type: "string", default: "64" },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    rounds: toCount("rounds", values.rounds),
    seconds: toCount("seconds", values.seconds),
    warmup: toCount("warmup", values.warmup),
    connections: toCount("connections", values.connections),
    targets: values.only === undefined ? targets : values.only.split(",").map(findTarget),
  };
}

function toCount(name: string, value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} takes a whole number from 1, not "${value}".`);
  return count;
}

function findTarget(name: string): Target {
  const target = targets.find((candidate) => candidate.name === name);
  if (target === undefined) {
    throw new Error(`There is no target "${name}". There are: ${targets.map((known) => known.name).join(", ")}.`);
  }
  return target;
}
