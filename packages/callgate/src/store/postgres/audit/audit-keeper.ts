import { chainKeyIdOf, type HasherOf } from "../../audit-chain.ts";
import type { Connections } from "../database/connections.ts";
import { timeToRemove } from "../database/server-time.ts";
import type { AuditSegments, Segment } from "./audit-segments.ts";
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
const TENDED = "partitions of the audit could not be tended";
const INDEXED = "texts of the audit could not be indexed";

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
  /** Partitions that cannot be signed, by number, with a writer whose key this gate does not have. */
  readonly #unsigned = new Map<number, string>();
  /** What went wrong at the last look, so that what goes on is not said over and over. */
  readonly #said = new Map<string, string>();
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
      if (now >= this.#tendAt) {
        await this.#tend();
        this.#said.delete(TENDED);
      }
    } catch (error) {
      this.#tendAt = now + AGAIN_MS;
      this.#report(TENDED, error);
    }
    try {
      if (isIdle && this.#textsLeft && now >= this.#indexAt) {
        await this.#index();
        this.#said.delete(INDEXED);
      }
    } catch (error) {
      this.#indexAt = now + AGAIN_MS;
      this.#report(INDEXED, error);
    }
  }

  async #tend(): Promise<void> {
    const { connections, segments, segmentMs, hasherOf, retentionDays, clock } = this.#options;
    this.#tendAt = performance.now() + Math.min(TEND_EVERY_MS, segmentMs);
    // Of a gate that has died, too.
    this.#textsLeft = true;
    await segments.makeAhead(clock());
    const now = await timeToRemove((statement) => connections.run(statement), clock());
    const problems: unknown[] = [];
    for (const segment of await segments.list()) {
      // A whole partition later, so that a clock that is a little behind still finds it open.
      const isOver = segment.untilTime + Math.min(segmentMs, TEND_EVERY_MS) < now;
      if (isOver && (segment.state === "open" || segment.state === "closed") && !this.#closed)
        await this.#seal(segment).catch((error: unknown) => problems.push(error));
    }
    if (retentionDays !== undefined && !this.#closed) {
      const before = now - retentionDays * DAY_MS;
      await dropSegments(connections, { segments: await segments.list(), before, hasherOf });
    }
    if (problems.length > 0) throw problems[0];
  }

  async #seal(segment: Segment): Promise<void> {
    const { connections, hasherOf } = this.#options;
    const { number } = segment;
    const unsigned = this.#unsigned.get(number);
    // Its rows are read again only once there is something to sign them with.
    if (unsigned !== undefined && hasherOf(unsigned) === undefined) return;
    this.#unsigned.delete(number);
    const missing = await sealSegment(connections, segment, hasherOf);
    if (missing === undefined) return;
    this.#unsigned.set(number, missing);
    const key = `the key ring lacks the chain key ${chainKeyIdOf(missing)}`;
    this.#report(`partition ${number} of the audit stays unsealed and is kept`, key);
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
    const why = error instanceof Error ? error.message : String(error);
    if (this.#closed || this.#said.get(what) === why) return;
    this.#said.set(what, why);
    process.stderr.write(`callgate: ${what}: ${why}\n`);
  }
}
