import type { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { BatchTransaction } from "../database/batch-transaction.ts";
import { gateMigrations } from "../database/gate-migrations.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase } from "../database/open-database.ts";
import { createGraduationChanges } from "../graduation/graduation-changes.ts";
import { createKeyChanges } from "../keys/key-changes.ts";
import { createProcessChanges } from "../processes/process-changes.ts";
import { createRingChanges } from "../rings/ring-changes.ts";
import { createSignalChanges } from "../signals/signal-changes.ts";
import { createTaskOperations } from "../tasks/task-operations.ts";
import type { BatchReply, Operation } from "../threads/batch.ts";
import { serveBatches } from "../threads/serve-batches.ts";
import { createTokenChanges } from "../tokens/token-changes.ts";
import { createWriteChanges } from "./write-changes.ts";

/** What the ledger's thread is started with. */
export interface LedgerWorkerData {
  readonly path: string;
}

const NOTHING: BatchReply = [null, null, false];

serveBatches(() => {
  // The main thread starts this file with exactly this.
  const { path } = workerData as LedgerWorkerData;
  const database = openDatabase(path);
  migrate(database, gateMigrations);
  const transaction = new BatchTransaction(database);
  const perform = createOperations(database, transaction);
  return {
    run: (operations) => transaction.run(operations, { perform }) ?? NOTHING,
    close: () => database.close(),
  };
});

/** Prepares everything that this thread does. */
function createOperations(database: DatabaseSync, transaction: BatchTransaction): (operation: Operation) => unknown {
  const beat = database.prepare("UPDATE schema_version SET version = version");
  const changeWrites = createWriteChanges(database);
  const changeKeys = createKeyChanges(database);
  const changeProcesses = createProcessChanges(database);
  const changeRings = createRingChanges(database);
  const noteSignals = createSignalChanges(database);
  const changeGraduations = createGraduationChanges(database);
  const atTasks = createTaskOperations(database);
  const changeTokens = createTokenChanges(database);

  // An operation's name says what its other members are; see ledger-operations.ts.
  return (operation) => {
    switch (operation[0]) {
      case "signal":
        return noteSignals(operation[1] as string, operation.slice(2) as string[]);
      case "ring-join":
      case "ring-adopt":
        return changeRings(operation);
      case "checkpoint":
        return transaction.checkpointAfter();
      case "health":
        return void beat.run();
      case "smoke-proof":
      case "graduate":
      case "withdraw":
        return changeGraduations(operation);
      case "process-beat":
      case "process-list":
      case "process-take":
      case "process-forget":
        return changeProcesses(operation);
      case "task":
        return atTasks(operation);
      case "token-lease":
      case "token-release":
      case "token-put":
        return changeTokens(operation);
      case "key-insert":
      case "key-rotate":
      case "key-revoke":
      case "key-touch":
        return changeKeys(operation);
      default:
        return changeWrites(operation);
    }
  };
}
