import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreError, type StoreErrorCode } from "../../store-error.ts";
import type { BatchReply, Failure, Operation } from "../threads/batch.ts";

/** Bytes of write-ahead log from which the worker asks for a checkpoint. */
const LONG_LOG_BYTES = 8 * 1024 * 1024;
const COMMITS_BETWEEN_LOOKS = 32;

// Primary result codes of SQLite that are the fault of one statement alone: TOOBIG, CONSTRAINT, MISMATCH, RANGE.
const OWN_FAULTS: ReadonlySet<number> = new Set([18, 19, 20, 25]);
const CONSTRAINT = 19;

/** What happens within a batch's transaction. */
export interface BatchSteps {
  /** Called first, under the lock of the file; false ends the transaction, and there is no reply. */
  readonly begin?: () => boolean;
  readonly perform: (operation: Operation) => unknown;
  /** Called last, before the commit. */
  readonly finish?: () => void;
}

/** Runs a batch in one durable transaction: an operation that fails by its own fault fails alone, anything else fails all. */
export class BatchTransaction {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #path: string;
  readonly #log: string;
  /** The file that is open, by its number: another one may come to stand under its name. */
  readonly #file: number | undefined;
  #commits = 0;
  #checkpointWanted = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#path = database.location() ?? "";
    this.#log = `${this.#path}-wal`;
    this.#file = this.#fileAtPath();
  }

  /** Gives the reply to the batch; undefined where `begin` has ended it. */
  run(operations: readonly Operation[], steps: BatchSteps): BatchReply | undefined {
    const reply = this.#tryRun(operations, steps);
    if (this.#checkpointWanted) this.#checkpoint();
    return reply;
  }

  /** Moves the log into the file once the batch under way is done; nothing else can be writing then. */
  checkpointAfter(): void {
    this.#checkpointWanted = true;
  }

  #tryRun(operations: readonly Operation[], steps: BatchSteps): BatchReply | undefined {
    try {
      this.#begin.run();
      if (steps.begin?.() === false) {
        this.#database.exec("ROLLBACK");
        return undefined;
      }
      this.#refuseLost();
      const [results, failures] = performEach(operations, steps.perform);
      steps.finish?.();
      this.#commit.run();
      return [results, failures, this.#logIsLong()];
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      return [null, [[-1, failureCode(error), messageOf(error)]], false];
    }
  }

  // SQLite goes on writing into a file that nobody finds any more: what it calls durable would be gone.
  #refuseLost(): void {
    if (this.#fileAtPath() === this.#file) return;
    const words = `${this.#path} was removed or replaced while it was open: put it back, and restart the gate`;
    throw new StoreError("store_unavailable", words);
  }

  #fileAtPath(): number | undefined {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino;
  }

  // What is committed stays so, whether or not the file can take it: a log that cannot be shortened only grows.
  #checkpoint(): void {
    this.#checkpointWanted = false;
    try {
      this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (error) {
      process.stderr.write(`callgate: ${this.#log} could not be shortened: ${messageOf(error)}\n`);
    }
  }

  #logIsLong(): boolean {
    this.#commits += 1;
    if (this.#commits % COMMITS_BETWEEN_LOOKS !== 0) return false;
    return (statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) > LONG_LOG_BYTES;
  }
}

function performEach(
  operations: readonly Operation[],
  perform: (operation: Operation) => unknown,
): readonly [unknown[] | null, Failure[] | null] {
  let results: unknown[] | null = null;
  let failures: Failure[] | null = null;
  for (let index = 0; index < operations.length; index += 1) {
    try {
      const result = perform(operations[index] as Operation);
      if (result === undefined) continue;
      results ??= Array.from<unknown>({ length: operations.length });
      results[index] = result;
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      failures ??= [];
      failures.push([index, failureCode(error), messageOf(error)]);
    }
  }
  return [results, failures];
}

function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}

// Errors without a result code come from binding a value or from a rule of ours: nothing has been changed by then.
function isOwnFault(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === undefined || OWN_FAULTS.has(code);
}

function failureCode(error: unknown): StoreErrorCode {
  if (error instanceof StoreError) return error.code;
  const code = sqliteCode(error);
  if (code === CONSTRAINT) return "store_conflict";
  if (code === undefined) return error instanceof RowConflict ? "store_conflict" : "store_invalid";
  return OWN_FAULTS.has(code) ? "store_invalid" : "store_unavailable";
}

/** Thrown by an operation that a rule of its table forbids. */
export class RowConflict extends Error {
  override readonly name = "RowConflict";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
