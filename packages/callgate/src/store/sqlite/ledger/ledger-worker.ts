import { workerData } from "node:worker_threads";
import { BatchTransaction } from "../database/batch-transaction.ts";
import { gateMigrations } from "../database/gate-migrations.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase } from "../database/open-database.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import { createGraduationChanges } from "../graduation/graduation-changes.ts";
import { createKeyChanges } from "../keys/key-changes.ts";
import { createRingChanges } from "../rings/ring-changes.ts";
import { createSignalChanges } from "../signals/signal-changes.ts";
import { createTaskOperations } from "../tasks/task-operations.ts";
import type { BatchReply, Operation } from "../threads/batch.ts";
import { serveBatches } from "../threads/serve-batches.ts";
import { createClaimWrite } from "./claim-write.ts";
import { createExpireWrites } from "./expire-writes.ts";
import type { AdvanceOperation, ClaimOperation, FinishOperation } from "./ledger-operations.ts";
import { createMoveWrite } from "./move-write.ts";
import { createSelectWrite } from "./select-write.ts";
import { writeColumns } from "./write-columns.ts";

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
  const claim = createClaimWrite(database);
  const move = createMoveWrite(database);
  const expire = createExpireWrites(database);
  const byId = prepare(database, selectWriteById());
  const byKey = createSelectWrite(database);
  const beat = database.prepare("UPDATE schema_version SET version = version");
  const changeKeys = createKeyChanges(database);
  const changeRings = createRingChanges(database);
  const noteSignals = createSignalChanges(database);
  const changeGraduations = createGraduationChanges(database);
  const atTasks = createTaskOperations(database);

  // An operation's name says what its other members are; see ledger-operations.ts.
  const perform = (operation: Operation): unknown => {
    switch (operation[0]) {
      case "claim":
        return claim(operation as ClaimOperation);
      case "advance":
      case "finish":
        return move(operation as AdvanceOperation | FinishOperation);
      case "get":
        return firstRow(byId, operation[1] as string);
      case "find":
        return byKey(...(operation.slice(1) as [string, string, string]));
      case "expire":
        return expire(operation[1] as number, operation[2] as number);
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
      case "task":
        return atTasks(operation);
      default:
        return changeKeys(operation);
    }
  };

  return {
    run: (operations) => transaction.run(operations, { perform }) ?? NOTHING,
    close: () => database.close(),
  };
});

function selectWriteById() {
  return queries.selectFrom("writes").select(writeColumns).where("id", "=", parameter<string>(1));
}
