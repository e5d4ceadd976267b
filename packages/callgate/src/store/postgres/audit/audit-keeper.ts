import type { HasherOf } from "../../audit-chain.ts";
import type { Connections } from "../database/connections.ts";
import type { AuditSegments } from "./audit-segments.ts";
import { dropSegments } from "./drop-segments.ts";
import { findHorizon, indexTexts } from "./index-texts.ts";
import { sealSegment } from "./seal-segment.ts";

/** Rows appended between two looks, up to which this gate counts as idle. */
const IDLE_ROWS = 100;
const LOOK_EVERY_MS = 500;
/** Between two looks at the partitions, where none of them ends sooner. */
const TEND_EVERY_MS = 60_000;
/** After something could not be done: a server that is away, a lock that another gate holds. */
const AGAIN_MS = 10_000;
const DAY_MS = 86_400_000;

export interface AuditKeeperOptions {
  readonly connections: Connections;
  readonly segments: AuditSegments;
  readonly segmentMs: number;
  readonly hasherOf: HasherOf;
  readonly retentionDays: number | undefined;
  readonly clock: () => number;
}

/**
 * Keeps the audit's partitions: makes them ahead of time, seals those whose time is over, indexes texts when this gate is
 * idle, drops what is too old. Every gate has one; locks see to it that each thing is done once.
 */
export class AuditKeeper {
  readonly #options: AuditKeeperOptions;
  readonly #timer: NodeJS.Timeout;
  #working: Promise<void> | undefined;
  #closed = false;
  #tendAt = 0;
  #indexAt = 0;
  #textsLeft = true;
  #lastAppended = 0;
  /** Rows appended since the start. */
  appended = 0;

  constructor(options: AuditKeeperOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  #look(): void {
    const isIdle = this.appended - this.#lastAppended <= IDLE_ROWS;
    if (this.appended !== this.#lastAppended) this.#textsLeft = true;
    this.#lastAppended = this.appended;
    this.#working ??= this.#work(isIdle).finally(() => {
      this.#working = undefined;
    });
  }

  async #work(isIdle: boolean): Promise<void> {
    const now = performance.now();
    try {
      if (now >= this.#tendAt) await this.#tend();
    } catch (error) {
      this.#tendAt = now + AGAIN_MS;
      this.#report("partitions of the audit could not be tended", error);
    }
    try {
      if (isIdle && this.#textsLeft && now >= this.#indexAt) await this.#index();
    } catch (error) {
      this.#indexAt = now + AGAIN_MS;
      this.#report("texts of the audit could not be indexed", error);
    }
  }

  async #tend(): Promise<void> {
    const { connections, segments, segmentMs, hasherOf, retentionDays, clock } = this.#options;
    this.#tendAt = performance.now() + Math.min(TEND_EVERY_MS, segmentMs);
    // Of a gate that has died, too.
    this.#textsLeft = true;
    await segments.makeAhead(clock());
    const all = await segments.list();
    for (const segment of all) {
      // A whole partition later, so that a clock that is a little behind still finds it open.
      const isOver = segment.untilTime + Math.min(segmentMs, TEND_EVERY_MS) < clock();
      if (isOver && (segment.state === "open" || segment.state === "closed") && !this.#closed)
        await sealSegment(connections, segment, hasherOf);
    }
    if (retentionDays === undefined || this.#closed) return;
    const before = clock() - retentionDays * DAY_MS;
    await dropSegments(connections, { segments: await segments.list(), before, hasherOf });
  }

  async #index(): Promise<void> {
    const { connections, segments } = this.#options;
    const horizon = await findHorizon(connections);
    for (const segment of await segments.list()) {
      const isDone = segment.state === "dropped" || (segment.state === "sealed" && segment.textRows >= segment.rows);
      let left = !isDone;
      while (left && !this.#closed && this.appended - this.#lastAppended <= IDLE_ROWS)
        left = await indexTexts(connections, segment, horizon);
      if (left) return;
    }
    this.#textsLeft = false;
  }

  // Rows are safe whatever happens here, so that it is said and not thrown.
  #report(what: string, error: unknown): void {
    if (this.#closed) return;
    process.stderr.write(`callgate: ${what}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
