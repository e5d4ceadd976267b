import type { Effect } from "../define/effect.ts";
import type { Plan } from "../define/tool.ts";

/** What an approver is shown; sealed on the ledger's row. */
export interface ApprovalRequest {
  readonly tool: string;
  readonly title: string | undefined;
  readonly domain: string;
  readonly effect: Effect;
  readonly contractHash: string;
  /** What the plan says would happen. */
  readonly preview: Plan["preview"];
  /** What the tool was called with, masked like the audit. */
  readonly arguments: unknown;
  /** Why the model called, in its own words. */
  readonly reason: string | undefined;
  /** Why somebody is asked: the rules that demand it. */
  readonly because: readonly string[];
  readonly subject: RequestingSubject;
  /** The program that called, by its own account. */
  readonly client: string | undefined;
  readonly callId: string;
}

/** Who wants it done, and for whom. */
export interface RequestingSubject {
  readonly id: string;
  readonly kind: string;
  readonly user: string | undefined;
  readonly account: string | undefined;
  readonly role: string | undefined;
}
