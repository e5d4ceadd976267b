import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openGate, serveHttp, sqlite } from "callgate";
import config from "rentals/src/callgate.config.ts";
import { ensureDemoKeys } from "rentals/src/demo/demo-keys.ts";

/** Where a client finds the rental gate over HTTP, and the front desk's key. */
export interface HttpPlace {
  readonly url: string;
  readonly key: string;
}

/** How a client starts a rental gate of its own, where it is this machine's user at the front desk. */
export interface StdioPlace {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface RunningRentals {
  readonly http: HttpPlace;
  readonly stdio: StdioPlace;
  close(): Promise<void>;
}

const callgate = fileURLToPath(new URL("../../packages/callgate/bin/callgate.js", import.meta.url));

/** The example's own config but for its store, which is beside this file: a gate of an earlier test must not remember. */
const configText = `
import config from ${JSON.stringify(import.meta.resolve("rentals/src/callgate.config.ts"))};
import { sqlite } from ${JSON.stringify(import.meta.resolve("callgate"))};
export default { ...config, graduation: "off", store: sqlite(".callgate/gate.db") };
`;

/** Starts the rental business as its example has it, on a database of its own. */
export async function startRentals(): Promise<RunningRentals> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-clients-"));
  const database = join(folder, "rentals.db");
  process.env["RENTALS_DB"] = database;
  const gate = await openGate(
    { ...config, graduation: "off", store: sqlite(join(folder, "gate.db")) },
    { localOperator: "tests" },
  );
  const { frontdesk } = await ensureDemoKeys(gate, {});
  const served = await serveHttp(gate, { port: 0 });
  const configPath = join(folder, "callgate.config.ts");
  await writeFile(configPath, configText);
  return {
    http: { url: `${served.url}/mcp`, key: frontdesk },
    stdio: {
      command: process.execPath,
      args: [callgate, "start", "--stdio", "--config", configPath],
      env: { ...definedEnvironment(), RENTALS_DB: database },
      cwd: folder,
    },
    close: async () => {
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function definedEnvironment(): Record<string, string> {
  const defined = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(defined);
}
