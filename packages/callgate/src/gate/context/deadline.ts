import type { Retry } from "../../define/call-error.ts";
import { LightSignal } from "../../define/stop.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Call } from "../call/call.ts";

/** A read that took too long may be called again then. */
const AGAIN_MS = 5_000;
/** A timer that is so late was not waited for: the process was stopped, or busy with one thing. */
const STANDSTILL_MS = 100;

/** The time that work has. */
export class Deadline {
  readonly #call: Call;
  readonly #giveUpWithClient: boolean;
  /** Ends with the deadline, and with the client where the work may be given up. */
  readonly stop: LightSignal = new LightSignal();

  constructor(call: Call, options: { readonly giveUpWithClient: boolean }) {
    this.#call = call;
    this.#giveUpWithClient = options.giveUpWithClient;
  }

  /**
   * The work's result, or `deadline_exceeded` or `call_cancelled`, whichever comes first; the signal tells the work. Where
   * this process stood still beyond the deadline, a read is ended as much later, once: its backend may have answered long
   * since. A commit is not, for others may have been told by then that nobody knows what it did.
   */
  within<Value>(work: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      // Behind a task stands no client that goes away: its signal is an explicit cancel.
      const gives = this.#giveUpWithClient || this.#call.task !== undefined;
      const client = gives ? this.#call.exchange.signal : undefined;
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        client?.removeEventListener("abort", cancelled);
        settle();
      };
      const give = (error: Error): void => {
        end(() => reject(error));
        this.stop.abort(error);
      };
      const cancelled = (): void => give(gateError("call_cancelled", "The caller cancelled."));
      const late = (): void =>
        give(
          gateError("deadline_exceeded", `${this.#call.served.name} did not end within ${this.#call.timeoutMs} ms.`, {
            next: "Ask for less at once, or try again later.",
            retry: this.#retry,
          }),
        );
      const leftMs = Math.max(0, this.#call.deadline - this.#call.gate.clock());
      const due = performance.now() + leftMs;
      const over = (): void => {
        const lateMs = performance.now() - due;
        if (lateMs < STANDSTILL_MS || !this.#giveUpWithClient) late();
        else timer = setTimeout(late, Math.min(lateMs, this.#call.timeoutMs));
      };
      let timer = setTimeout(over, leftMs);
      client?.addEventListener("abort", cancelled, { once: true });
      if (client?.aborted) cancelled();
      work.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(error)),
      );
    });
  }

  get #retry(): Retry {
    const { served } = this.#call;
    if (served.kind !== "tool" || served.declaration.effect === "read") return { afterMs: AGAIN_MS };
    return this.#giveUpWithClient ? "same_key" : "never";
  }
}
