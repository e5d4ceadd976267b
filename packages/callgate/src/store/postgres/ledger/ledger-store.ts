import { randomBytes } from "node:crypto";
import { toStorable } from "../../audit/storable-values.ts";
import { placeOf } from "../../ledger/list-place.ts";
import type { Claim, ClaimOutcome, LedgerPage, LedgerQuery, LedgerRow, LedgerStore, Move } from "../../ledger-port.ts";
import { isOpen, movedRow } from "../../ledger-rows.ts";
import { StoreError } from "../../store-error.ts";
import { Conditions } from "../audit/search-conditions.ts";
import { BatchQueue } from "../database/batch-queue.ts";
import type { Connections } from "../database/connections.ts";
import { persist } from "../database/persist.ts";
import { timeToRemove } from "../database/server-time.ts";
import { claimBatch, type NamedClaim } from "./claim-batch.ts";
import { moveBatch, type NamedMove } from "./move-batch.ts";
import { listedColumns, rowFromValues, selectedColumns, selectWrites } from "./write-rows.ts";

/** Rows removed in one transaction, so that claims never wait long behind an expiry. */
const EXPIRE_AT_ONCE = 500;
/** Bytes of subject, tool and key together: more does not fit into the index that finds a write by them. */
const LONGEST_NAME = 2_000;
const MOST_CLAIMS = 128;
const MOST_MOVES = 256;
const LANES = 2;

export interface LedgerConnections {
  readonly writing: Connections;
  readonly reading: Connections;
}

/** The ledger in the table `writes`. Claims and moves gather in batches; each batch is one statement. */
export class PostgresLedgerStore implements LedgerStore {
  readonly #writing: Connections;
  readonly #reading: Connections;
  readonly #claims: BatchQueue<NamedClaim, ClaimOutcome>;
  readonly #moves: BatchQueue<NamedMove, boolean>;
  readonly #name: string = randomBytes(9).toString("base64url");
  #named = 0;

  constructor({ writing, reading }: LedgerConnections, maxPending: number) {
    this.#writing = writing;
    this.#reading = reading;
    const common = { maxPending, lanes: LANES };
    this.#claims = new BatchQueue({
      ...common,
      name: "claims",
      maxBatch: MOST_CLAIMS,
      flush: (claims) => claimBatch(writing, claims),
    });
    this.#moves = new BatchQueue({
      ...common,
      name: "moves",
      maxBatch: MOST_MOVES,
      flush: (moves) => moveBatch(writing, moves),
    });
  }

  async claim(claim: Claim): Promise<ClaimOutcome> {
    refuseWhatCannotBeStored(claim);
    return this.#claims.call({ claim, movedBy: this.#nextName() });
  }

  async move(move: Move): Promise<LedgerRow | undefined> {
    const { settledBy, note, code } = move;
    const storable = {
      ...move,
      ...(code !== undefined && { code: toStorable(code) }),
      ...(settledBy !== undefined && { settledBy: toStorable(settledBy) }),
      ...(note !== undefined && { note: toStorable(note) }),
    };
    const after = movedRow(storable);
    return (await this.#moves.call({ move: storable, after, movedBy: this.#nextName() })) ? after : undefined;
  }

  async get(id: string): Promise<LedgerRow | undefined> {
    return this.#one("id = $1", [id]);
  }

  async find(subject: string, tool: string, key: string): Promise<LedgerRow | undefined> {
    return this.#one("subject = $1 AND tool = $2 AND key = $3", [subject, tool, key]);
  }

  async byApproval(id: string): Promise<LedgerRow | undefined> {
    return this.#one("approval_id = $1", [id]);
  }

  async list({ subject, tenant, tool, state, limit, cursor }: LedgerQuery): Promise<LedgerPage> {
    const conditions = new Conditions();
    for (const [column, value] of Object.entries({ subject, tenant, tool, state }))
      if (value !== undefined) conditions.add(`${column} = ?`, value);
    // There are few open rows, and an index of them alone.
    if (state !== undefined && isOpen(state)) conditions.addPlain("finished_at IS NULL");
    if (cursor !== undefined) conditions.add("position < ?", placeOf(cursor));
    const rows = await persist(() =>
      this.#reading.run({
        text: `SELECT ${listedColumns}, position FROM writes WHERE ${conditions.text}
          ORDER BY position DESC LIMIT ${limit + 1}`,
        values: conditions.values,
      }),
    );
    const page = rows.slice(0, limit);
    return { rows: page.map(rowFromValues), cursor: rows.length > limit ? String(page.at(-1)?.at(-1)) : undefined };
  }

  abandoned(now: number): Promise<readonly LedgerRow[]> {
    return this.#look("finished_at IS NULL AND state IN ('claimed', 'running') AND lease_until < $1", [now]);
  }

  async heldBy(owner: string, since: number): Promise<readonly LedgerRow[]> {
    const open = await this.#look("finished_at IS NULL AND owner = $1", [owner]);
    return [...open, ...(await this.#look("finished_at >= $2 AND owner = $1", [owner, since]))];
  }

  async expire(now: number, keepMs: number): Promise<number> {
    const time = await persist(() => timeToRemove((statement) => this.#writing.run(statement), now));
    for (let removed = 0; ; ) {
      const rows = await persist(() =>
        this.#writing.run({
          text: `DELETE FROM writes WHERE id IN (
              SELECT id FROM writes WHERE finished_at < $1 ORDER BY finished_at LIMIT ${EXPIRE_AT_ONCE} FOR UPDATE SKIP LOCKED
            ) RETURNING 1`,
          values: [time - keepMs],
        }),
      );
      removed += rows.length;
      if (rows.length < EXPIRE_AT_ONCE) return removed;
    }
  }

  /** Resolves once every claim and move has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#claims.close(), this.#moves.close()]);
  }

  async #one(condition: string, values: readonly unknown[]): Promise<LedgerRow | undefined> {
    const text = `SELECT ${selectedColumns} FROM writes WHERE ${condition}`;
    return (await selectWrites(this.#writing, { name: `write ${condition}`, text, values }))[0];
  }

  #look(condition: string, values: readonly unknown[]): Promise<readonly LedgerRow[]> {
    const text = `SELECT ${selectedColumns} FROM writes WHERE ${condition} ORDER BY position`;
    return selectWrites(this.#reading, { text, values });
  }

  #nextName(): string {
    this.#named += 1;
    return `${this.#name}.${this.#named}`;
  }
}

// What the database cannot take would fail the whole batch; what it would store otherwise could meet another key.
function refuseWhatCannotBeStored(claim: Claim): void {
  const { subject, tool, key = claim.newKey } = claim;
  const texts = Object.values(claim).filter((value) => typeof value === "string");
  if (texts.some((text) => text.includes("\0") || !text.isWellFormed()))
    throw new StoreError("store_invalid", "a text of the claim cannot be stored");
  if (Buffer.byteLength(subject) + Buffer.byteLength(tool) + Buffer.byteLength(key) > LONGEST_NAME)
    throw new StoreError("store_invalid", `subject, tool and key are longer than ${LONGEST_NAME} bytes together`);
}
