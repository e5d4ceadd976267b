import type { BatchChannel } from "../threads/batch-channel.ts";
import type { LazyChannel } from "../threads/lazy-channel.ts";

/** Rows appended between two looks, up to which the store counts as idle. */
const IDLE_ROWS = 100;
const LOOK_EVERY_MS = 500;
/** Between two attempts to index what could not be indexed: a damaged file, a full disk. */
const INDEX_AGAIN_MS = 60_000;
const RETAIN_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface AuditKeeperOptions {
  readonly thread: LazyChannel;
  /** The threads that write, whose logs are to be kept short. */
  readonly ledger: BatchChannel;
  readonly appender: BatchChannel;
  readonly retentionDays: number | undefined;
  readonly clock: () => number;
  readonly timeToRemove: (now: number) => number;
}

/** Says when the housekeeping thread has to work: sealing and checkpoints when asked for, text indexing when idle. */
export class AuditKeeper {
  readonly #options: AuditKeeperOptions;
  readonly #timers: readonly NodeJS.Timeout[];
  #tending: Promise<void> | undefined;
  #careWanted = false;
  #indexing = false;
  #textsLeft = true;
  #indexNotBefore = 0;
  #lastAppended = 0;
  #closed = false;
  /** Rows appended since the start. */
  appended = 0;

  constructor(options: AuditKeeperOptions) {
    this.#options = options;
    const idle = setInterval(() => this.#indexWhenIdle(), LOOK_EVERY_MS);
    const retention = setInterval(() => this.#retain(), RETAIN_EVERY_MS);
    this.#timers = [idle.unref(), retention.unref()];
    this.#retain();
  }

  /** Seals what is full and shortens the logs; where that is under way, once more after it. */
  tend(): void {
    if (this.#closed) return;
    this.#careWanted = true;
    this.#tending ??= this.#tendWhileWanted().finally(() => {
      this.#tending = undefined;
    });
  }

  erase(segment: number, position: number): Promise<void> {
    return this.#options.thread.call(["erase", segment, position]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#tending;
    await this.#options.thread.close();
  }

  async #tendWhileWanted(): Promise<void> {
    while (this.#careWanted) {
      this.#careWanted = false;
      await this.#tend();
    }
  }

  async #tend(): Promise<void> {
    const { thread, ledger, appender } = this.#options;
    try {
      await thread.call(["tend"]);
      await Promise.all([ledger.call(["checkpoint"]), appender.call([null, "checkpoint"])]);
      this.#retain();
    } catch (error) {
      report("the audit could not be tended", error);
    }
  }

  #indexWhenIdle(): void {
    const isIdle = this.appended - this.#lastAppended <= IDLE_ROWS;
    if (this.appended !== this.#lastAppended) this.#textsLeft = true;
    this.#lastAppended = this.appended;
    if (performance.now() < this.#indexNotBefore) return;
    if (isIdle && this.#textsLeft && !this.#indexing) void this.#index();
  }

  async #index(): Promise<void> {
    this.#indexing = true;
    try {
      let left = 1;
      while (left > 0 && !this.#closed && this.appended - this.#lastAppended <= IDLE_ROWS) {
        left = await this.#options.thread.call<number>(["index"]);
      }
      this.#textsLeft = left > 0;
    } catch (error) {
      this.#indexNotBefore = performance.now() + INDEX_AGAIN_MS;
      if (!this.#closed) report("texts of the audit could not be indexed", error);
    } finally {
      this.#indexing = false;
    }
  }

  #retain(): void {
    const { thread, retentionDays, clock, timeToRemove } = this.#options;
    if (retentionDays === undefined || this.#closed) return;
    thread.call(["drop", timeToRemove(clock()) - retentionDays * DAY_MS]).catch((error: unknown) => {
      if (!this.#closed) report("old segments of the audit could not be dropped", error);
    });
  }
}

// Rows are safe whatever happens here, so that it is said and not thrown.
function report(what: string, error: unknown): void {
  process.stderr.write(`callgate: ${what}: ${error instanceof Error ? error.message : String(error)}\n`);
}
