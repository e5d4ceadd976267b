import { inspect } from "node:util";
import type { CallLog } from "../../define/context.ts";

/** What became of one try: it arrived, it may arrive another time, or it never will. */
export type Delivered = "done" | { readonly again: string } | { readonly never: string };

export interface DeliveriesOptions<Message> {
  /** For the log: what is delivered where, without secrets. */
  readonly name: string;
  readonly log: CallLog;
  /** One try, which ends when its signal does. A throw is a try that may be made again. */
  readonly send: (message: Message, signal: AbortSignal) => Promise<Delivered>;
  /** Milliseconds that a try has. */
  readonly tryMs: number;
  /** Milliseconds before each further try; as many tries as there are entries, and the first. */
  readonly waitsMs: readonly number[];
  /** Tries at the same time; four unless said otherwise. */
  readonly atOnce?: number;
  /** Messages that wait or are tried, in all; a further one is dropped. A thousand unless said otherwise. */
  readonly most?: number;
}

interface Delivery<Message> {
  readonly message: Message;
  tries: number;
}

/** Delivers messages beside the calls that they tell of: in memory, bounded in number, time and tries, and never in anyone's way. */
export class Deliveries<Message> {
  readonly #options: DeliveriesOptions<Message>;
  readonly #atOnce: number;
  readonly #most: number;
  readonly #ready: Delivery<Message>[] = [];
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #stopping = new AbortController();
  #trying = 0;
  #dropped = 0;
  #idle: (() => void) | undefined;

  constructor(options: DeliveriesOptions<Message>) {
    this.#options = options;
    this.#atOnce = options.atOnce ?? 4;
    this.#most = options.most ?? 1_000;
  }

  add(message: Message): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#held >= this.#most) {
      // The first one says it; with the others the log would only be as full as the queue.
      this.#dropped += 1;
      if (this.#dropped === 1) this.#say("takes no more notices: too many wait", { waiting: this.#held });
      return;
    }
    this.#dropped = 0;
    this.#ready.push({ message, tries: 0 });
    this.#go();
  }

  /** Lets what is ready and under way arrive, for so many milliseconds at most; what waits for another try is given up. */
  async close(withinMs: number): Promise<void> {
    const givenUp = this.#waiting.size;
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    if (this.#held > 0) {
      const ended = new Promise<void>((resolve) => (this.#idle = resolve));
      const timer = setTimeout(() => this.#idle?.(), withinMs);
      await ended;
      clearTimeout(timer);
    }
    const left = givenUp + this.#ready.length + this.#trying;
    this.#stopping.abort();
    this.#ready.length = 0;
    if (left > 0) this.#say("ended before its notices arrived", { notices: left });
  }

  get #held(): number {
    return this.#ready.length + this.#waiting.size + this.#trying;
  }

  #go(): void {
    while (this.#trying < this.#atOnce) {
      const next = this.#ready.shift();
      if (next === undefined) break;
      this.#trying += 1;
      void this.#try(next).finally(() => {
        this.#trying -= 1;
        this.#go();
      });
    }
    if (this.#ready.length + this.#trying === 0) this.#idle?.();
  }

  async #try(delivery: Delivery<Message>): Promise<void> {
    const { send, tryMs, waitsMs } = this.#options;
    delivery.tries += 1;
    const signal = AbortSignal.any([AbortSignal.timeout(tryMs), this.#stopping.signal]);
    const delivered = await send(delivery.message, signal).catch(
      (error: unknown): Delivered => ({ again: why(error) }),
    );
    if (delivered === "done" || this.#stopping.signal.aborted) return;
    if ("never" in delivered) return this.#say("gave a notice up", { why: delivered.never });
    const waitMs = waitsMs[delivery.tries - 1];
    if (waitMs === undefined) return this.#say("gave a notice up", { why: delivered.again, tries: delivery.tries });
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#ready.push(delivery);
      this.#go();
    }, waitMs).unref();
    this.#waiting.add(timer);
  }

  #say(what: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.log.warn(`${this.#options.name} ${what}`, fields);
  }
}

function why(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}
