import type { Effect } from "../define/effect.ts";
import type { DemandedLevel } from "../store/ledger-port.ts";

/** Where a request stands; `used`: it was approved, and the write has been begun with it. */
export type ApprovalViewState = "awaiting" | "approved" | "denied" | "expired" | "withdrawn" | "used";

/** What this person may do with a request. */
export type ApprovalDeed = "approve" | "deny" | "withdraw";

/** A request as the tools that run the gate answer it; times are ISO 8601. */
export interface ApprovalSummary {
  readonly approval_id: string;
  readonly tool: string;
  readonly title?: string | undefined;
  readonly domain: string;
  readonly level: DemandedLevel;
  readonly state: ApprovalViewState;
  readonly asked_by: string;
  readonly for_user?: string | undefined;
  readonly reason?: string | undefined;
  /** What would happen, in one line. */
  readonly would?: string | undefined;
  readonly requested_at: string;
  readonly expires_at: string;
  readonly you_may: readonly ApprovalDeed[];
}

/** One person's word on a request. */
export interface ApprovalDecisionView {
  readonly verdict: ApprovalDeed;
  readonly by: string;
  readonly as: "client" | "owner" | "operator";
  readonly at: string;
  readonly note?: string | undefined;
}

/** A request in full: what would happen, and everything that it is bound to. */
export interface ApprovalView extends ApprovalSummary {
  readonly effect: Effect;
  /** Why somebody is asked at all. */
  readonly because: readonly string[];
  readonly preview: Readonly<Record<string, unknown>>;
  /** What the tool was called with, masked like the audit. */
  readonly arguments?: unknown;
  /** Of exactly what was shown: nothing else is done by this approval. */
  readonly plan_hash: string;
  readonly contract_hash: string;
  readonly client?: string | undefined;
  readonly write_id: string;
  readonly call_id: string;
  readonly decisions: readonly ApprovalDecisionView[];
}
