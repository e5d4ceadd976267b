import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { workerData } from "node:worker_threads";

/** Holds the write locks of databases for a while. One that cannot be had is left alone. */
const { paths, ms } = workerData as { readonly paths: readonly string[]; readonly ms: number };
const held = paths.flatMap((path) => {
  const database = new DatabaseSync(path, { timeout: 500 });
  try {
    database.exec("BEGIN IMMEDIATE");
    return [database];
  } catch {
    database.close();
    return [];
  }
});
await delay(ms);
for (const database of held) {
  database.exec("ROLLBACK");
  database.close();
}
