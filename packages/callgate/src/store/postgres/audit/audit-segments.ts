import type { Connections, RunStatement } from "../database/connections.ts";

/** Where a partition is: taking rows, closed and having its indexes built, done, or dropped by retention. */
export type SegmentState = "open" | "closed" | "sealed" | "dropped";

/** A partition of the audit. Times are milliseconds since the epoch. */
export interface Segment {
  readonly number: number;
  readonly state: SegmentState;
  /** It takes rows that are recorded from then on, until before then. */
  readonly fromTime: number;
  readonly untilTime: number;
  /** Once it is sealed: its rows, and the times of its first and last call. */
  readonly rows: number;
  readonly fromAt: number | undefined;
  readonly untilAt: number | undefined;
  /** Its rows up to this position are in the text index, and how many those are. */
  readonly textPosition: number;
  readonly textRows: number;
}

/** Held by whoever makes, seals or drops a partition. */
export const SEGMENT_LOCK = 7_402_211_870_916;

/** The partitions of the audit, each over the same length of time, numbered as they were made. */
export class AuditSegments {
  readonly #connections: Connections;
  readonly #segmentMs: number;

  constructor(connections: Connections, segmentMs: number) {
    this.#connections = connections;
    this.#segmentMs = segmentMs;
  }

  /** All that have been made, oldest first. */
  list(): Promise<readonly Segment[]> {
    return AuditSegments.listWith((statement) => this.#connections.run(statement));
  }

  /** The same within a transaction. */
  static async listWith(run: RunStatement): Promise<readonly Segment[]> {
    const rows = await run({
      name: "audit-segments",
      text: `SELECT number, state, from_time, until_time, row_count, from_at, until_at, text_position, text_rows
        FROM audit_segments ORDER BY from_time, number`,
    });
    return rows.map(([number, state, fromTime, untilTime, count, fromAt, untilAt, textPosition, textRows]) => ({
      number: Number(number),
      state: state as SegmentState,
      fromTime: Number(fromTime),
      untilTime: Number(untilTime),
      rows: Number(count),
      fromAt: fromAt === null ? undefined : Number(fromAt),
      untilAt: untilAt === null ? undefined : Number(untilAt),
      textPosition: Number(textPosition),
      textRows: Number(textRows),
    }));
  }

  /** Makes the partition that takes rows recorded then, where there is none. */
  async makeFor(time: number): Promise<void> {
    await this.#connections.transaction(async (run) => {
      await run({ text: "SELECT pg_advisory_xact_lock($1)", values: [SEGMENT_LOCK] });
      await makeSegmentFor(run, time, this.#segmentMs);
    });
  }

  /** Makes partitions ahead of time: for now and the next two. */
  async makeAhead(now: number): Promise<void> {
    const there = (await this.list()).filter(({ state }) => state !== "dropped");
    for (const time of [now, now + this.#segmentMs, now + 2 * this.#segmentMs]) {
      if (!there.some(({ fromTime, untilTime }) => fromTime <= time && time < untilTime)) await this.makeFor(time);
    }
  }

  /** When the partition after the sealed one begins that would have taken a row then. */
  async endOfSealed(time: number): Promise<number> {
    const [row] = await this.#connections.run({
      text: "SELECT max(until_time) FROM audit_segments WHERE state IN ('closed', 'sealed')",
    });
    return Math.max(time, Number(row?.[0]));
  }
}

/** Times of recording: from then on, until before then. */
export type SegmentTimes = Pick<Segment, "fromTime" | "untilTime">;

/** Makes the partition that takes rows recorded then, where there is none; whoever does it holds the lock. Gives its times. */
export async function makeSegmentFor(run: RunStatement, time: number, segmentMs: number): Promise<SegmentTimes> {
  const kept = "FROM audit_segments WHERE state <> 'dropped'";
  const [there] = await run({
    text: `SELECT from_time, until_time ${kept} AND from_time <= $1 AND until_time > $1`,
    values: [time],
  });
  if (there !== undefined) return { fromTime: Number(there[0]), untilTime: Number(there[1]) };
  const [[before, after] = []] = await run({
    text: `SELECT max(until_time) FILTER (WHERE until_time <= $1), min(from_time) FILTER (WHERE from_time > $1) ${kept}`,
    values: [time],
  });
  const start = Math.floor(time / segmentMs) * segmentMs;
  // Neighbours may be of another length: the setting may have been changed.
  const fromTime = typeof before === "number" ? Math.max(start, before) : start;
  const untilTime = typeof after === "number" ? Math.min(start + segmentMs, after) : start + segmentMs;
  await makeSegment(run, fromTime, untilTime);
  return { fromTime, untilTime };
}

// Attached and not made in place: appends go on meanwhile.
async function makeSegment(run: RunStatement, fromTime: number, untilTime: number): Promise<void> {
  const [row] = await run({
    text: `INSERT INTO audit_segments (number, from_time, until_time, state)
      SELECT coalesce(max(number), 0) + 1, $1, $2, 'open' FROM audit_segments RETURNING number`,
    values: [fromTime, untilTime],
  });
  const number = Number(row?.[0]);
  const rows = rowsTable(number);
  const words = wordsTable(number);
  await run({ text: `CREATE TABLE ${rows} (LIKE audit_rows INCLUDING DEFAULTS)` });
  await run({ text: `CREATE INDEX ON ${rows} (position)` });
  await run({ text: `CREATE INDEX ON ${rows} (call_id)` });
  await run({ text: `CREATE TABLE ${words} (position bigint PRIMARY KEY, words text[] NOT NULL)` });
  await run({ text: `CREATE INDEX ON ${words} USING gin (words)` });
  await run({
    text: `ALTER TABLE audit_rows ATTACH PARTITION ${rows} FOR VALUES FROM (${fromTime}) TO (${untilTime})`,
  });
}

/** The table of a partition's rows. */
export function rowsTable(number: number): string {
  return `audit_rows_${number}`;
}

/** The table of a partition's words, by position. */
export function wordsTable(number: number): string {
  return `audit_words_${number}`;
}
