// A process that appends and claims on the store named by its arguments, and prints what was acknowledged: one id a line.
import { auditRow, claimOf } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import { sqlite } from "../sqlite.ts";

const [path = "", name = "", rounds = "", segmentRows = ""] = process.argv.slice(2);
const store = await sqlite(path, { segmentRows: Number(segmentRows) }).open(storeOptions);
for (let round = 0; round < Number(rounds); round += 1) {
  const ids = Array.from({ length: 20 }, (_, index) => `${name}-${round}-${index}`);
  await Promise.all(
    ids
      .flatMap((id) => [store.audit.append(auditRow(id)), store.ledger.claim(claimOf(id, { key: id }))])
      .map(async (done) => await done),
  );
  process.stdout.write(`${ids.join("\n")}\n`);
}
await store.close();
