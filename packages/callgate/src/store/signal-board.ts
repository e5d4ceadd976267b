import { inspect } from "node:util";
import type { HeardSignal, Signal, Signals } from "./signals-port.ts";

const MOST_BYTES = 4_096;
/** Different signals that wait to be sent; beyond them the others are told to look at everything. */
const MOST_WAITING = 1_000;
const RETRY_MS = 500;

const MISSED: HeardSignal = { topic: "missed" };
const MISSED_BODY = JSON.stringify(MISSED);

/** Takes signals, as JSON texts, to the other processes on the store. */
export type SendSignals = (bodies: readonly string[]) => Promise<void>;

/**
 * The signals of one opening of a store: those of this process are told at once, and sent on together while the sending
 * before them is under way, equal ones once.
 */
export class SignalBoard implements Signals {
  readonly #send: SendSignals;
  readonly #listeners = new Set<(heard: HeardSignal) => void>();
  #waiting = new Set<string>();
  #sending: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(send: SendSignals) {
    this.#send = send;
  }

  publish(signal: Signal): void {
    this.tell(signal);
    if (this.#closed) return;
    const body = JSON.stringify(signal);
    const fits = this.#waiting.size < MOST_WAITING && Buffer.byteLength(body) < MOST_BYTES;
    this.#waiting.add(fits ? body : MISSED_BODY);
    if (this.#retry === undefined) this.#sending ??= this.#sendAll();
  }

  subscribe(listener: (heard: HeardSignal) => void): () => void {
    // One of its own, so that subscribing the same function twice is two subscriptions.
    const own = (heard: HeardSignal): void => listener(heard);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells the listeners of this process. One that throws keeps it from nobody else. */
  tell(heard: HeardSignal): void {
    for (const listener of this.#listeners) {
      try {
        listener(heard);
      } catch (error) {
        process.emitWarning(`a listener to ${heard.topic} threw: ${inspect(error)}`);
      }
    }
  }

  /** Tells what another process has sent. */
  receive(body: string): void {
    this.tell(readSignal(body));
  }

  /** Tells that signals may have been lost. */
  missed(): void {
    this.tell(MISSED);
  }

  /** Sends what waits, once. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await (this.#sending ?? this.#sendAll());
    this.#listeners.clear();
  }

  async #sendAll(): Promise<void> {
    // What is published in the same turn goes along.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const bodies = [...this.#waiting];
      this.#waiting.clear();
      try {
        await this.#send(bodies);
      } catch {
        this.#sendLater();
        break;
      }
    }
    this.#sending = undefined;
  }

  /** Whatever was not told is not worth keeping: that something was lost says it all. */
  #sendLater(): void {
    this.#waiting = new Set([MISSED_BODY]);
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#sending ??= this.#sendAll();
    }, RETRY_MS).unref();
  }
}

/** Another version of this program may signal what this one does not know: then all is looked at. */
function readSignal(body: string): HeardSignal {
  try {
    const heard: unknown = JSON.parse(body);
    if (typeof heard === "object" && heard !== null && "topic" in heard && isTopic(heard.topic)) {
      // Bodies are written by `publish` alone: the topic says which members there are.
      return heard as HeardSignal;
    }
  } catch {
    // Not a signal of any version.
  }
  return MISSED;
}

const topics: Readonly<Record<HeardSignal["topic"], true>> = {
  "lists-changed": true,
  "resource-updated": true,
  "approval-decided": true,
  "task-updated": true,
  "task-cancel-requested": true,
  "keys-changed": true,
  "graduation-changed": true,
  missed: true,
};

function isTopic(topic: unknown): boolean {
  return typeof topic === "string" && Object.hasOwn(topics, topic);
}
