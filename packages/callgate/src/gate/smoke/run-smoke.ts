import type { Masker } from "../../audit/mask.ts";
import type { SmokeCheck } from "../../define/domain.ts";
import { domainContractHash } from "../../graduation/domain-contract.ts";
import type { SmokeOutcome, SmokeProof } from "../../store/graduation-port.ts";
import type { GateParts } from "../parts.ts";
import type { ServedDomain } from "../served/served-domain.ts";
import { showThatReadsCannotWrite } from "./refuses-writes.ts";
import { callForSmoke, type SmokeRunner } from "./smoke-caller.ts";

const HEALTH_MS = 9_000;
const MOST_WORDS = 500;
const HOW_TO_DECLARE =
  "nothing is declared that shows it. Add to `smoke` of the domain `refusesWrites: (backend, signal) => …`, which tries " +
  "a write that would do no harm and lets its refusal be thrown";

/** A smoke test that somebody has run. */
export interface SmokeRun {
  readonly runner: SmokeRunner;
  readonly domain: string;
  /** The id that its proof gets. */
  readonly proofId: string;
  readonly signal: AbortSignal;
  /** Told when a check has ended: which of how many. */
  readonly onOutcome: (outcome: SmokeOutcome, done: number, total: number) => void;
}

/** One thing to show; gives words where there is something to say of what was found. */
interface Step {
  readonly check: string;
  readonly show: () => Promise<string | undefined>;
  /** Where this is not so there is no sense in the steps behind it. */
  readonly isGround: boolean;
}

/**
 * Runs the smoke test of a domain: whether its backend answers, the declared checks, and that the read credential
 * cannot write. What goes wrong is part of the proof, which is not stored here. Never rejects for a domain that is there.
 */
export async function runSmoke(gate: GateParts, run: SmokeRun): Promise<SmokeProof> {
  const domain = gate.registry.domains.get(run.domain);
  if (domain === undefined) throw new Error(`there is no domain ${run.domain}`);
  const steps = stepsOf(gate, domain, run);
  const outcomes: SmokeOutcome[] = [];
  let isGrounded = true;
  for (const step of steps) {
    const outcome = isGrounded ? await tryStep(step, gate.masker) : skipped(step);
    if (step.isGround && outcome.outcome === "failed") isGrounded = false;
    outcomes.push(outcome);
    run.onOutcome(outcome, outcomes.length, steps.length);
  }
  return {
    id: run.proofId,
    domain: run.domain,
    contractHash: domainContractHash(gate.registry.tools.filter((tool) => tool.domain === domain)),
    at: gate.clock(),
    by: run.runner.subject.id,
    gateVersion: gate.config.version ?? "",
    passed: outcomes.every(({ outcome }) => outcome === "passed"),
    outcomes,
  };
}

function stepsOf(gate: GateParts, domain: ServedDomain, run: SmokeRun): readonly Step[] {
  const { smoke, backend } = domain.options;
  const checks = (smoke?.checks ?? []).map((check) => checkStep(gate, run, check));
  if (backend === undefined) return checks;
  const writes = gate.registry.tools.some((tool) => tool.domain === domain && tool.effect !== "read");
  return [answers(domain), ...checks, ...(writes ? [cannotWrite(domain)] : [])];
}

function answers(domain: ServedDomain): Step {
  const show = async (): Promise<undefined> => {
    await domain.health(HEALTH_MS);
    const problem = domain.problemOf("read");
    if (problem !== undefined) throw new Error(problem);
  };
  return { check: "the backend answers", show, isGround: true };
}

function checkStep(gate: GateParts, run: SmokeRun, { call: tool, with: input, expect }: SmokeCheck): Step {
  const show = async (): Promise<undefined> => {
    const { domain, signal } = run;
    const result = await callForSmoke(gate, run.runner, { domain, tool, input, signal });
    // What the check expects is declared beside the tool that gives it.
    if ((await expect?.(result as never)) === false) throw new Error("the result is not what the check expects");
  };
  return { check: `${tool} ${JSON.stringify(input)}`, show, isGround: false };
}

function cannotWrite(domain: ServedDomain): Step {
  const show = async (): Promise<string> => {
    if (domain.options.smoke?.refusesWrites === undefined) throw new Error(HOW_TO_DECLARE);
    return showThatReadsCannotWrite(domain);
  };
  return { check: "the read credential cannot write", show, isGround: false };
}

/** What backends say of a refusal is kept, so it is masked like the record. */
async function tryStep({ check, show }: Step, masker: Masker): Promise<SmokeOutcome> {
  const from = performance.now();
  const ended = (outcome: SmokeOutcome["outcome"], words: string | undefined): SmokeOutcome => {
    const detail = words === undefined ? undefined : masker.text(words).slice(0, MOST_WORDS);
    return { check, outcome, detail, durationMs: Math.round(performance.now() - from) };
  };
  try {
    return ended("passed", await show());
  } catch (error) {
    return ended("failed", error instanceof Error ? error.message : String(error));
  }
}

function skipped({ check }: Step): SmokeOutcome {
  return { check, outcome: "skipped", detail: undefined, durationMs: 0 };
}
