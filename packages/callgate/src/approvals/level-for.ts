import { TeamFunctions } from "../callers/team-functions.ts";
import type { ApprovalAsked, ApprovalLevel, ApprovalPolicyAsked, ApprovalsConfig } from "../define/approval.ts";
import { CallError } from "../define/call-error.ts";
import type { CallLog } from "../define/context.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import type { ApprovalDemand, CompiledRule } from "./demand.ts";
import { isApprovalLevel, isHigher } from "./levels.ts";

const ASK_MS = 1_000;
const RETRY_MS = 2_000;

/** How much a call demands, and why, in sentences for people. */
export interface DemandedApproval {
  readonly level: ApprovalLevel;
  readonly because: readonly string[];
}

/** A planned write, as its rules and the gate's policy judge it. */
export interface PlannedCall extends ApprovalAsked<unknown, unknown>, Omit<ApprovalPolicyAsked, "level"> {
  readonly demand: ApprovalDemand;
}

export interface ApprovalLevelsOptions {
  readonly config: ApprovalsConfig;
  readonly log: CallLog;
  readonly clock: () => number;
  /** Milliseconds that a rule and the policy have each; a second unless said otherwise. */
  readonly askMs?: number;
}

/** Finds out how much a planned write demands: what its tool says, raised by the rules that hold and by the gate's policy. */
export class ApprovalLevels {
  readonly #policy: ApprovalsConfig["policy"];
  readonly #asking: TeamFunctions;

  constructor({ config, log, clock, askMs = ASK_MS }: ApprovalLevelsOptions) {
    this.#policy = config.policy;
    this.#asking = new TeamFunctions({ log, clock, askMs });
  }

  /** Synchronous where there are neither rules nor a policy. Throws `approval_unchecked` where the policy fails. */
  levelFor(call: PlannedCall): MaybePromise<DemandedApproval> {
    const { level, because, rules } = call.demand;
    const byTool = { level, because };
    if (rules.length === 0) return this.#policy === undefined ? byTool : this.#byPolicy(byTool, call);
    return this.#byRules(byTool, call).then((raised) => this.#byPolicy(raised, call));
  }

  async #byRules(least: DemandedApproval, call: PlannedCall): Promise<DemandedApproval> {
    const raising = call.demand.rules.filter((rule) => isHigher(rule.level, least.level));
    const holds = await Promise.all(raising.map((rule) => this.#holds(rule, call)));
    return raising
      .filter((_, at) => holds[at])
      .reduce<DemandedApproval>(
        ({ level, because }, rule) => ({
          level: isHigher(rule.level, level) ? rule.level : level,
          because: rule.because === undefined ? because : [...because, rule.because],
        }),
        least,
      );
  }

  /** Anything but a plain false is taken for true: a rule that fails must not let through what it was to hold. */
  async #holds({ name, when }: CompiledRule, { plan, input, subject }: PlannedCall): Promise<boolean> {
    const asked = { plan, input, subject };
    const answer = await this.#asking.ask(`approval ${name}`, async () => (await when(asked)) ?? null, asBoolean);
    return answer?.value !== false;
  }

  async #byPolicy(least: DemandedApproval, call: PlannedCall): Promise<DemandedApproval> {
    const policy = this.#policy;
    if (policy === undefined) return least;
    const { tool, domain, effect, impact, subject } = call;
    const asked = { tool, domain, effect, impact, subject, level: least.level };
    const answer = await this.#asking.ask("approvals.policy", () => policy(asked), asLevel);
    if (answer === undefined) throw unchecked(tool);
    const { value } = answer;
    if (value === undefined || !isHigher(value, least.level)) return least;
    return { level: value, because: [...least.because, "The policy of this gate asks for it."] };
  }
}

function asBoolean(answer: unknown): boolean | undefined {
  return typeof answer === "boolean" ? answer : undefined;
}

function asLevel(answer: unknown): ApprovalLevel | undefined {
  return isApprovalLevel(answer) ? answer : undefined;
}

function unchecked(tool: string): CallError {
  return new CallError(
    "approval_unchecked",
    `Whether ${tool} needs an approval cannot be found out at the moment. Nothing was done.`,
    { category: "infrastructure", retry: { afterMs: RETRY_MS } },
  );
}
