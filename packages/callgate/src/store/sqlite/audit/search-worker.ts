import { workerData } from "node:worker_threads";
import { type RecordValues, recordColumns, recordValue } from "../../audit/row-columns.ts";
import type { AuditQuery } from "../../audit-port.ts";
import type { LedgerQuery } from "../../ledger-port.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import { abandonedWrites, listWrites, writesHeldBy } from "../ledger/look-at-writes.ts";
import type { Operation } from "../threads/batch.ts";
import { serveOneByOne } from "../threads/serve-one-by-one.ts";
import { registryPath } from "./audit-files.ts";
import { listSegments, type Segment } from "./list-segments.ts";
import { recordedCalls } from "./recorded-calls.ts";
import { searchAudit } from "./search-audit.ts";
import { SegmentReaders } from "./segment-readers.ts";

/** What the searching thread is started with. */
export interface SearchWorkerData {
  readonly folder: string;
  readonly gatePath: string;
}

/** Where a record is: its segment and its position there. */
export type RecordPlace = readonly [segment: number, position: number];

serveOneByOne(() => {
  // The main thread starts this file with exactly this.
  const { folder, gatePath } = workerData as SearchWorkerData;
  const registry = new DatabaseReader(registryPath(folder));
  const gate = new DatabaseReader(gatePath);
  const readers = new SegmentReaders(folder);

  const segments = () => {
    const found = listSegments(registry, readers);
    readers.forget(new Set(found.map((segment) => segment.number)));
    return found;
  };
  function* withCallId(callId: string): Generator<readonly [number, RecordValues]> {
    const select = queries.selectFrom("rows").select(recordColumns).where("call_id", "=", callId);
    for (const { number } of segments()) {
      const records = readers.rows(number)?.all(select.orderBy("position", "desc")) ?? [];
      for (const record of records) yield [number, record];
    }
  }
  // An operation's name says what its other members are; see audit-store.ts and ledger-store.ts.
  const answer = (operation: Operation): unknown => {
    switch (operation[0]) {
      case "search": {
        const found = segments();
        return [...searchAudit(operation[1] as AuditQuery, found, readers), textLag(found)];
      }
      case "get":
        return withCallId(operation[1] as string).next().value?.[1];
      case "recorded":
        return recordedCalls(operation[1] as readonly string[], segments(), readers);
      case "locate":
        return [...withCallId(operation[1] as string)].map(toPlace);
      case "status":
        return statusOf(segments());
      case "writes-list":
        return listWrites(gate, operation[1] as LedgerQuery);
      case "writes-abandoned":
        return abandonedWrites(gate, operation[1] as number);
      case "writes-held-by":
        return writesHeldBy(gate, operation[1] as string, operation[2] as number);
      default:
        throw new Error(`no such operation: ${String(operation[0])}`);
    }
  };

  return {
    perform: answer,
    close: () => {
      readers.close();
      registry.close();
      gate.close();
    },
  };
});

function toPlace([segment, record]: readonly [number, RecordValues]): RecordPlace {
  return [segment, recordValue(record, "position")];
}

function statusOf(found: readonly Segment[]): readonly number[] {
  const rows = found.reduce((sum, segment) => sum + segment.rows, 0);
  const openRows = found[0]?.state === "open" ? found[0].rows : 0;
  return [rows, found.length, openRows, textLag(found)];
}

function textLag(found: readonly Segment[]): number {
  return found.reduce((sum, segment) => sum + segment.rows - segment.textRows, 0);
}
