import { parseArgs } from "node:util";
import { type StoreName, toStoreName } from "../stores/open-tried-store.ts";

export interface ProofOptions {
  readonly seconds: number;
  readonly replicas: number;
  readonly clients: number;
  readonly seed: number;
  readonly store: StoreName;
  /** The outside world breaks its word about keys: a run that must fail. */
  readonly forgetsKeys: boolean;
}

export interface CommandOptions extends ProofOptions {
  readonly json: boolean;
  readonly keep: boolean;
}

/** The text of `--help`. */
export const usage = `Usage: npm run prove -- [options]

Lets clients write through replicas of a gate that die, stand still and lose their store, and then compares what the
outside world counted with what the clients were told and what the gates recorded.

  --minutes N         how long clients write and faults strike (1); a fraction will do
  --replicas N        gates on one store (3)
  --clients N         clients at the same time (8)
  --seed N            what decides every request and every fault; a new one each time unless said otherwise
  --store NAME        sqlite or postgres (sqlite)
  --json              prints the report as JSON
  --keep              keeps the evidence of a run that went well too
  --forgetful-world   the outside world breaks its word about keys: the run must fail
  --help              this text

Ends with 0 where every promise was kept, else with 1, and says where the evidence is.`;

/** Reads the command line; undefined means that help was asked for. */
export function readOptions(args: readonly string[]): CommandOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "1" },
      replicas: { type: "string", default: "3" },
      clients: { type: "string", default: "8" },
      seed: { type: "string" },
      store: { type: "string", default: "sqlite" },
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      "forgetful-world": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    seconds: 60 * toNumber("minutes", values.minutes),
    replicas: toCount("replicas", values.replicas),
    clients: toCount("clients", values.clients),
    seed: values.seed === undefined ? Date.now() % 1_000_000 : toCount("seed", values.seed),
    store: toStoreName(values.store),
    json: values.json,
    keep: values.keep,
    forgetsKeys: values["forgetful-world"],
  };
}

function toNumber(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`--${name} takes a number above 0, not "${value}".`);
  return number;
}

function toCount(name: string, value: string): number {
  const count = toNumber(name, value);
  if (!Number.isInteger(count)) throw new Error(`--${name} takes a whole number, not "${value}".`);
  return count;
}
