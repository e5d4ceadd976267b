import { userInfo } from "node:os";
import { join } from "node:path";
import { BootError, endOnSignals, openGate, serveHttp } from "callgate";
import config from "./callgate.config.ts";
import { connectWithin } from "./demo/connect.ts";
import { readDemoFile, writeDemoFile } from "./demo/demo-file.ts";
import { ensureDemoKeys } from "./demo/demo-keys.ts";
import { graduateTools } from "./demo/graduate-tools.ts";
import { retryOneWrite } from "./demo/retry-one-write.ts";
import { whatToPaste } from "./demo/what-to-paste.ts";
import { exampleFolder } from "./example-folder.ts";

const hostname = process.env["HOST"];
// What is off, what is switched on and where it listens it says in words of its own.
process.env["CALLGATE_LOG"] ??= "error";

try {
  await start();
} catch (error) {
  const [sentence] = (error instanceof Error ? error.message : String(error)).split("\n");
  console.error(sentence);
  if (!(error instanceof BootError) && process.env["CALLGATE_LOG"] === "debug") console.error(error);
  process.exit(4);
}

async function start(): Promise<void> {
  const port = Number(process.env["PORT"] || 7400);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new BootError(`PORT is "${process.env["PORT"]}". It may be 0 to 65535.`);
  const gate = await openGate(
    config,
    // Replicas make the demo keys as one and the same caller, whoever runs them.
    { localOperator: sharedDatabase() === undefined ? userInfo().username : config.name },
  );
  console.log(await graduateTools(gate));
  const file = join(exampleFolder, demoFileName());
  const keys = await ensureDemoKeys(gate, readDemoFile(file));
  const served = await serveHttp(gate, { port, hostname });
  writeDemoFile(file, { url: served.url, keys });
  endOnSignals({
    close: () => served.close(),
    say: (words) => console.error(words),
    renew: () => gate.renewSecrets(),
  });
  console.log(whatToPaste({ config, url: served.url, keys, file, sharedBy: sharedDatabase() }));
  const operator = await connectWithin(gate, keys.operator);
  const desk = await connectWithin(gate, keys.frontdesk);
  console.log(await retryOneWrite(desk, operator));
  await Promise.all([desk.close(), operator.close()]);
}

/** Replicas that are started side by side, each on a port of its own, each keep a file of their own. */
function demoFileName(): string {
  const port = process.env["PORT"] || "0";
  return sharedDatabase() === undefined || port === "0" ? "demo.json" : `demo-${port}.json`;
}

/** The database of `DATABASE_URL` as people may read it: without the password. */
function sharedDatabase(): string | undefined {
  const url = process.env["DATABASE_URL"];
  if (url === undefined || url === "") return undefined;
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
