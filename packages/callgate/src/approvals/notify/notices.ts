import { inspect } from "node:util";
import type { ApprovalNotice, ApprovalsConfig, RunningNotifier } from "../../define/approval.ts";
import type { CallLog } from "../../define/context.ts";

const CLOSE_MS = 2_000;

/** Tells people what befalls approvals, by every notifier of the gate. Telling never waits, and no failure of it reaches a call. */
export class ApprovalNotices {
  readonly #notifiers: readonly RunningNotifier[];
  readonly #log: CallLog;

  /** Starts the notifiers; throws what is wrong with one, e.g. that its secret is not set. */
  constructor({ notify = [] }: ApprovalsConfig, log: CallLog) {
    this.#log = log;
    this.#notifiers = notify.map((notifier) => notifier.start({ log }));
  }

  /** Whether anybody is told at all. */
  get areTold(): boolean {
    return this.#notifiers.length > 0;
  }

  tell(notice: ApprovalNotice): void {
    for (const notifier of this.#notifiers) {
      try {
        notifier.notify(notice);
      } catch (error) {
        this.#log.error("a notifier threw", { error: inspect(error) });
      }
    }
  }

  /** Lets what is under way arrive, for two seconds at most. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#notifiers.map((notifier) => notifier.close(CLOSE_MS)));
  }
}
