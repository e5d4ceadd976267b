import type { DatabaseSync } from "node:sqlite";
import { writeColumns } from "../../ledger/write-columns.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import type { Operation } from "../threads/batch.ts";
import { createClaimWrite } from "./claim-write.ts";
import { createExpireWrites } from "./expire-writes.ts";
import type { AdvanceOperation, ApprovalOperation, ClaimOperation, FinishOperation } from "./ledger-operations.ts";
import { createMoveWrite } from "./move-write.ts";
import { createSelectWrite } from "./select-write.ts";

/** Prepares what the ledger's thread does with writes. */
export function createWriteChanges(database: DatabaseSync): (operation: Operation) => unknown {
  const claim = createClaimWrite(database);
  const move = createMoveWrite(database);
  const expire = createExpireWrites(database);
  const byId = prepare(database, selectWriteById());
  const byApproval = prepare(database, selectWriteByApproval());
  const byKey = createSelectWrite(database);

  return (operation) => {
    switch (operation[0]) {
      case "claim":
        return claim(operation as ClaimOperation);
      case "advance":
      case "finish":
      case "approval":
        return move(operation as AdvanceOperation | ApprovalOperation | FinishOperation);
      case "get":
        return firstRow(byId, operation[1] as string);
      case "by-approval":
        return firstRow(byApproval, operation[1] as string);
      case "find":
        return byKey(...(operation.slice(1) as [string, string, string]));
      case "expire":
        return expire(operation[1] as number, operation[2] as number);
      default:
        throw new Error(`the ledger has no operation ${String(operation[0])}`);
    }
  };
}

function selectWriteById() {
  return queries.selectFrom("writes").select(writeColumns).where("id", "=", parameter<string>(1));
}

function selectWriteByApproval() {
  return queries.selectFrom("writes").select(writeColumns).where("approval_id", "=", parameter<string>(1));
}
