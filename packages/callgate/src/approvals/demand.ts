import type { ApprovalAsked, ApprovalLevel } from "../define/approval.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";

/** A rule, ready to be asked; the answer is whatever the author's function or expression gave. */
export interface CompiledRule {
  readonly level: ApprovalLevel;
  /** For people: why it demands more. */
  readonly because: string | undefined;
  /** For the log: which rule of which tool. */
  readonly name: string;
  readonly when: (asked: ApprovalAsked<unknown, unknown>) => MaybePromise<unknown>;
}

/** What a tool demands before it is committed, compiled. */
export interface ApprovalDemand {
  /** At least; the rules raise it. */
  readonly level: ApprovalLevel;
  /** Why that much, where it is more than nothing. */
  readonly because: readonly string[];
  readonly rules: readonly CompiledRule[];
  /** Undefined: the gate's. */
  readonly expiresMinutes: number | undefined;
}
