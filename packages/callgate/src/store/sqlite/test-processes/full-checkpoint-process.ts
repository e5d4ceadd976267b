// A process that appends, and asks for a checkpoint that the disk cannot take; then says which batches were recorded,
// and goes on when it is told that there is room again.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { toRowValues } from "../../audit/row-columns.ts";
import { auditRow } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import { segmentPath } from "../audit/audit-files.ts";
import { BatchChannel } from "../threads/batch-channel.ts";
import { startWorker } from "../threads/start-worker.ts";

const folder = join(process.argv[2] ?? "", "audit");
mkdirSync(folder);
const worker = await startWorker("audit/append-worker", { folder, segmentRows: 1_000, ...storeOptions.keyRing });
const appender = new BatchChannel(worker, { name: "audit", maxBatch: 100, maxPending: 100 });
const limitFiles = (bytes: string): void => {
  execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:unlimited`]);
};

/** Appends sixty rows in one batch, with a checkpoint after it; gives how many were recorded. */
const appendBatch = async (name: string): Promise<number> => {
  const rows = Array.from({ length: 60 }, (_, index) => auditRow(`${name}${index}`, { result: "x".repeat(4_000) }));
  const done = await Promise.allSettled([
    ...rows.map((row) => appender.call(toRowValues(row))),
    appender.call([null, "checkpoint"]),
  ]);
  return done.slice(0, rows.length).filter(({ status }) => status === "fulfilled").length;
};
const fileBytes = (): number => statSync(segmentPath(folder, 1)).size;

await appendBatch("first-");
const room = fileBytes() + 100_000;
// The log begins anew within its first length, so that there is room in it for what the file then cannot take.
limitFiles(String(room));
const recorded = await appendBatch("second-");
const isFull = fileBytes() >= room - 4_096;
const before = fileBytes();
limitFiles("unlimited");
const again = await appendBatch("third-");
process.stdout.write(JSON.stringify({ recorded, isFull, again, grewAgain: fileBytes() > before }));
await appender.close();
