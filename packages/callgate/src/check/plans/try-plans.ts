import { setTimeout as wait } from "node:timers/promises";
import type { GateConfig } from "../../define/gate-config.ts";
import { createGate, type GateInsides } from "../../gate/open/create-gate.ts";
import { StoreOpening } from "../../gate/open/store-opening.ts";
import type { CheckedGate, CheckedTool } from "../checked-gate.ts";
import type { Tried } from "../judge-gate.ts";
import { SILENT, withPassingStore } from "../open-definition.ts";
import { sampleInputs, short } from "../rules/same-names.ts";
import { differences } from "./differences.ts";

/** What became of an example of a write. */
export interface TriedPlan {
  readonly tool: string;
  readonly example: unknown;
  readonly outcome: "same" | "differs" | "refused" | "asks" | "no example";
  /** Where it differs, or why it was refused. */
  readonly detail?: string;
}

/** What was tried, and what of it is to be told. */
export interface TriedPlans {
  readonly plans: readonly TriedPlan[];
  readonly tried: readonly Tried[];
}

/** So far apart, so that a plan which holds the second of now does not come out the same by chance. */
const APART_MS = 1_100;

interface Sample {
  readonly tool: CheckedTool;
  readonly input: unknown;
}

/**
 * Plans each example of each write twice, on the real backends with their read credentials, and compares all that is not
 * volatile. Nothing is committed, and the record of the gate is left alone. Rejects where a backend does not come up.
 */
export async function tryPlans(config: GateConfig, { tools }: Pick<CheckedGate, "tools">): Promise<TriedPlans> {
  const writes = tools.filter(({ served }) => served.effect !== "read");
  const samples = writes.flatMap((tool) => samplesOf(tool).map((input): Sample => ({ tool, input })));
  const without = writes.filter((tool) => samplesOf(tool).length === 0);
  const plans = samples.length === 0 ? [] : await withInsides(config, (insides) => planTwice(insides, samples));
  const all = [
    ...plans,
    ...without.map(({ name }): TriedPlan => ({ tool: name, example: undefined, outcome: "no example" })),
  ];
  const placeOf = (name: string): Tried["at"] => tools.find((tool) => tool.name === name)?.place ?? {};
  return { plans: all, tried: all.flatMap((plan) => toTried(plan, placeOf(plan.tool))) };
}

function samplesOf({ input, served: { long } }: CheckedTool): readonly unknown[] {
  const scheduled = long?.schedule?.with;
  return [...sampleInputs(input), ...(scheduled === undefined ? [] : [scheduled])];
}

/**
 * The gate with its backends, and nobody to serve. No write tool is switched on, so no write credential is used. A
 * credential that is kept in the gate's own store is used from there: one that rotates would otherwise begin a second time.
 */
async function withInsides<Value>(config: GateConfig, work: (insides: GateInsides) => Promise<Value>): Promise<Value> {
  const { limits: { shared: _, ...limits } = {}, approvals: { notify: _notify, ...approvals } = {}, ...rest } = config;
  const alone: GateConfig = { ...rest, limits, approvals, rollout: "off", graduation: "required" };
  return withPassingStore(alone, async (passing) => {
    const seen: GateInsides[] = [];
    const domainsOf = (insides: GateInsides): readonly [] => {
      seen.push(insides);
      return [];
    };
    const own = new StoreOpening(alone, Date.now);
    try {
      const gate = await createGate(passing, { takesTasks: false, log: SILENT, lent: own.lent, domainsOf });
      try {
        return await work(seen[0] as GateInsides);
      } finally {
        await gate.close();
      }
    } finally {
      await own.close();
    }
  });
}

async function planTwice(insides: GateInsides, samples: readonly Sample[]): Promise<readonly TriedPlan[]> {
  const first = await planEach(insides, samples);
  await wait(APART_MS);
  const second = await planEach(insides, samples);
  return samples.map(({ tool, input }, at) => ({
    tool: tool.name,
    example: input,
    ...compared(first[at] as Outcome, second[at] as Outcome),
  }));
}

type Outcome = PromiseSettledResult<Awaited<ReturnType<GateInsides["plan"]>>>;

/** One after another: what one plan looks at is not what another one does meanwhile. */
async function planEach(insides: GateInsides, samples: readonly Sample[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { tool, input } of samples) {
    const { signal } = new AbortController();
    const [outcome] = await Promise.allSettled([insides.plan({ tool: tool.name, input, signal })]);
    outcomes.push(outcome);
  }
  return outcomes;
}

function compared(first: Outcome, second: Outcome): Pick<TriedPlan, "outcome" | "detail"> {
  const failed = [first, second].find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) return { outcome: "refused", detail: wordsOf(failed.reason) };
  const [one, other] = [first, second].map((outcome) => (outcome.status === "fulfilled" ? outcome.value.binding : {}));
  if (one === undefined || other === undefined) return { outcome: "asks" };
  try {
    const where = differences(one, other);
    return where.length === 0 ? { outcome: "same" } : { outcome: "differs", detail: where.join("; ") };
  } catch (error) {
    return { outcome: "differs", detail: `it holds what is no JSON: ${wordsOf(error)}` };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toTried({ tool, example, outcome, detail }: TriedPlan, at: Tried["at"]): readonly Tried[] {
  switch (outcome) {
    case "same":
      return [];
    case "differs":
      return [
        { rule: "plan-unstable", at, message: `Planned twice for ${short(example)}, it differs: ${detail ?? ""}.` },
      ];
    case "refused":
      return [
        { rule: "plan-unchecked", at, message: `Its plan refuses the example ${short(example)}: ${detail ?? ""}` },
      ];
    case "asks":
      return [{ rule: "plan-unchecked", at, message: `${tool} asks its caller before it plans ${short(example)}.` }];
    case "no example":
      return [{ rule: "plan-unchecked", at, message: "It has no example to plan." }];
  }
}
