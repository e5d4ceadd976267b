import { parseArgs } from "node:util";
import { PostgresServer } from "../../packages/callgate/src/store/postgres/testing/postgres-server.ts";
import { proveRefresh, type RefreshProof } from "./prove.ts";

const usage = `Usage: npm run prove:refresh -- [options]

Has replicas of a gate call an upstream with one token that rotates, while its authorization server fails, is slow, answers
pages and loses answers after the rotation was done, replicas are killed, and the person takes the consent back. One refresh
may go on at a time, every replica must have a token in the end, and no token may be found in logs, answers or the store.

  --minutes N    for so long on each store (5)
  --replicas N   how many (10)
  --store NAME   sqlite, postgres or both (both)
  --help         this text

Ends with 0 where nothing was lost and nothing found, else with 1.`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    replicas: { type: "string", default: "10" },
    store: { type: "string", default: "both" },
    help: { type: "boolean", default: false },
  },
});

async function prove(name: string, options: Pick<RefreshProof, "postgres">): Promise<void> {
  const seconds = Number(values.minutes) * 60;
  process.stderr.write(`${name}: ${values.replicas} replicas for ${seconds} seconds\n`);
  const accidents = { killEverySeconds: 25, revokeEverySeconds: 40 };
  const { problems, ...report } = await proveRefresh({
    replicas: Number(values.replicas),
    seconds,
    ...accidents,
    ...options,
  });
  console.log(`${name}: ${JSON.stringify(report)}`);
  for (const problem of problems) console.error(`${name}: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

if (values.help) console.log(usage);
else {
  if (values.store !== "postgres") await prove("SQLite", {});
  if (values.store !== "sqlite") {
    const server = await PostgresServer.start({ fsync: false });
    await prove("PostgreSQL", { postgres: await server.newDatabase() });
    await server.end();
  }
}
