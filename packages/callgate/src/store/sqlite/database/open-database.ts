import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Milliseconds that a transaction waits for another process on the same file. */
const BUSY_TIMEOUT_MS = 5_000;
const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

/** Makes a folder that only its owner may enter; one that is there already is left as it is. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Opens a database for writing: write-ahead log, each commit durable, the file for its owner alone. A file that is new
 * gets pages of `pageBytes`: large ones where rows are only ever appended, since each page of a commit costs as much.
 */
export function openDatabase(path: string, pageBytes = 4_096): DatabaseSync {
  makePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    enterWriteAheadMode(database);
    database.exec("PRAGMA synchronous = FULL");
    // Checkpoints stall a commit for up to 229 ms: they are made off the commit path, see the ledger's and the appending thread.
    database.exec("PRAGMA wal_autocheckpoint = 0");
    database.exec("PRAGMA secure_delete = ON");
  } catch (error) {
    database.close();
    throw codeOf(error) === SQLITE_NOTADB ? noDatabase(path, error) : error;
  }
  return database;
}

function noDatabase(path: string, cause: unknown): Error {
  const words = "Name another file as the gate's store, or move this one away";
  return new Error(`${path} is no database of SQLite. ${words}.`, { cause });
}

/** Opens a database for reading, with a small cache: many of them may be open at once. */
export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  database.exec("PRAGMA cache_size = -512");
  return database;
}

// While another process makes the same file, SQLite answers "locked" to this one change at once, whatever the timeout.
function enterWriteAheadMode(database: DatabaseSync): void {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error) === SQLITE_BUSY;
}

function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}

// SQLite gives the log and the shared memory beside a database the mode of the database file.
function makePrivateFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
}
