import { randomBytes } from "node:crypto";
import { fieldsOf, payloadOf, rowColumns } from "../../audit/row-columns.ts";
import { storableValues } from "../../audit/storable-values.ts";
import type { ChainHasher, ChainValue } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import type { Settled } from "../database/batch-queue.ts";
import { type Connections, quoted } from "../database/connections.ts";
import { toCopyLine } from "../database/copy-in.ts";
import { persist } from "../database/persist.ts";
import { serverCode } from "../database/postgres-failure.ts";
import { ELSEWHERE, NO_PARTITION, SEALED } from "./audit-migrations.ts";
import type { AuditSegments } from "./audit-segments.ts";

/** Where a writer's chain stands. */
interface ChainPlace {
  readonly writer: string;
  readonly ordinal: number;
  readonly hash: string;
}

/** Rows with their places in the chain. */
interface LinkedBatch {
  readonly from: ChainPlace;
  readonly to: ChainPlace;
  /** Each row as COPY takes it, but for the time of recording, which comes first. */
  readonly lines: readonly string[];
}

export interface AuditAppenderOptions {
  readonly connections: Connections;
  readonly segments: AuditSegments;
  readonly hasher: ChainHasher;
  readonly chainKeyId: string;
  readonly clock: () => number;
}

const columns = ["recorded_at", ...rowColumns, "writer", "ordinal", "hash"].map(quoted).join(", ");
const RECORDED: Settled<void> = { value: undefined };
const wholeNumbers = ["at", "input_bytes", "result_bytes", "input_tokens", "result_tokens", "count"] as const;
const wholeNumberPlaces = wholeNumbers.map((column) => rowColumns.indexOf(column));
const duration = rowColumns.indexOf("duration_us");

/**
 * Appends batches to this process's own chain, one after the other. A batch and the place it brings the chain to are one
 * transaction, which only succeeds where the chain stands where the batch begins: sent twice, it is recorded once.
 */
export class AuditAppender {
  readonly #options: AuditAppenderOptions;
  #place: ChainPlace;
  #recordedAt = 0;

  constructor(options: AuditAppenderOptions) {
    this.#options = options;
    this.#place = this.#newChain();
  }

  /** Records rows in the order of `rowColumns`; one that cannot be stored fails alone. */
  async append(rows: readonly (readonly ChainValue[])[]): Promise<readonly Settled<void>[]> {
    const settled = rows.map((row) => {
      const problem = problemOf(row);
      return problem === undefined ? RECORDED : { error: new StoreError("store_invalid", problem) };
    });
    const batch = this.#link(rows.filter((_, index) => settled[index] === RECORDED));
    if (batch.lines.length === 0) return settled;
    try {
      await persist((isRepeat) => this.#record(batch, isRepeat));
      this.#place = batch.to;
    } catch (error) {
      // Nobody knows where this chain ends now, or it ends elsewhere, as after a restored backup: the next batch begins
      // one of its own.
      const isInDoubt = error instanceof StoreError && error.code === "store_in_doubt";
      if (isInDoubt || serverCode(error) === ELSEWHERE) this.#place = this.#newChain();
      throw error;
    }
    return settled;
  }

  #link(rows: readonly (readonly ChainValue[])[]): LinkedBatch {
    const { hasher } = this.#options;
    const from = this.#place;
    let { ordinal, hash } = from;
    const lines = rows.map((row) => {
      // Strings, numbers and nulls, as they came.
      const values = storableValues(row) as readonly ChainValue[];
      ordinal += 1;
      const link = { writer: from.writer, ordinal, previous: hash };
      hash = hasher.rowHash(link, fieldsOf(values), hasher.payloadDigest(payloadOf(values)));
      return toCopyLine([...values, from.writer, ordinal, hash]);
    });
    return { from, to: { writer: from.writer, ordinal, hash }, lines };
  }

  async #record(batch: LinkedBatch, isRepeat: boolean): Promise<void> {
    const { connections, segments, clock } = this.#options;
    this.#recordedAt = Math.max(this.#recordedAt, clock());
    for (;;) {
      const start = `${this.#recordedAt}\t`;
      try {
        await connections.copy(this.#statements(batch), batch.lines.map((line) => start + line).join(""));
        return;
      } catch (error) {
        const code = serverCode(error);
        if (code === NO_PARTITION) await segments.makeFor(this.#recordedAt);
        // This gate's clock is behind: its rows belong to the partition after the one that was sealed.
        else if (code === SEALED) this.#recordedAt = await segments.endOfSealed(this.#recordedAt);
        else if (code === ELSEWHERE && isRepeat && (await this.#isRecorded(batch))) return;
        else throw error;
      }
    }
  }

  #statements({ from, to }: LinkedBatch): string {
    const head = this.#options.hasher.sign({ ...to, at: this.#options.clock() });
    const place = `${literal(from.writer)}, ${from.ordinal}, ${to.ordinal}, ${literal(to.hash)}`;
    const take = `SELECT take_audit_place(${place}, ${head.at}, ${literal(head.signature)})`;
    return `${take}; COPY audit_rows (${columns}) FROM STDIN`;
  }

  async #isRecorded({ to }: LinkedBatch): Promise<boolean> {
    const found = await this.#options.connections.run({
      text: "SELECT 1 FROM audit_writers WHERE writer = $1 AND ordinal = $2 AND hash = $3",
      values: [to.writer, to.ordinal, to.hash],
    });
    return found.length > 0;
  }

  #newChain(): ChainPlace {
    return { writer: `${this.#options.chainKeyId}.${randomBytes(9).toString("base64url")}`, ordinal: 0, hash: "" };
  }
}

function problemOf(row: readonly ChainValue[]): string | undefined {
  const wrong = wholeNumberPlaces.find((index) => !Number.isSafeInteger(row[index]));
  if (wrong !== undefined) return `${rowColumns[wrong]} is not a whole number`;
  return Number.isFinite(row[duration]) ? undefined : "duration_us is not a number";
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
