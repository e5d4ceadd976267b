// A process that appends until the disk refuses, says so, and goes on when it is told that there is room again.
import { once } from "node:events";
import { auditRow } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import { StoreError } from "../../store-error.ts";
import { sqlite } from "../sqlite.ts";

const store = await sqlite(process.argv[2] ?? "").open(storeOptions);
let recorded = 0;
const appendBatch = async (): Promise<string | undefined> => {
  const result = "x".repeat(4_000);
  const done = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => store.audit.append(auditRow(`c${index}`, { result }))),
  );
  recorded += done.filter(({ status }) => status === "fulfilled").length;
  const codes = done.flatMap((each) =>
    each.status === "rejected" && each.reason instanceof StoreError ? [each.reason.code] : [],
  );
  return codes.length === done.length ? [...new Set(codes)].join() : undefined;
};

let refused: string | undefined;
while (refused === undefined) refused = await appendBatch();
process.stdout.write(`${JSON.stringify({ refused, recorded })}\n`);
await once(process.stdin, "data");
const again = await appendBatch();
const { rows, faults } = await store.audit.verify();
process.stdout.write(`${JSON.stringify({ again: again ?? "recorded", recorded, rows, faults })}\n`);
await store.close();
process.exit();
