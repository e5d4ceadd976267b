import { openGate } from "../../operations/open-gate.ts";
import { createMemoryTransport } from "../../transports/memory.ts";
import { bridge2025 } from "../../wire/bridge-2025/load-bridge.ts";
import { explainClientError } from "./client-errors.ts";
import type { Connection } from "./connection.ts";
import { loadConfig } from "./load-config.ts";
import { newClient } from "./over-http.ts";
import { quietenLog } from "./quieten-log.ts";
import { userName } from "./user-name.ts";

const PATIENCE_MS = 20_000;

interface WithinOptions {
  readonly key: string | undefined;
  readonly endpoint: string | undefined;
  readonly serve: "everything" | "operations";
  readonly debug: boolean;
}

/**
 * Opens the gate of a config within this process and connects to it. Without a key the caller is the local operator: who
 * may read the gate's folder may run it. A gate that already runs on the same store is not disturbed.
 */
export async function connectWithin(
  configPath: string,
  { key, endpoint, serve, debug }: WithinOptions,
): Promise<Connection> {
  quietenLog(debug);
  const config = await loadConfig(configPath);
  const gate = await openGate(config, {
    serve,
    // Whoever looks has accepted nothing by that.
    acceptsNew: false,
    // There is no later at which a program that npx starts could be there for this command.
    patienceMs: PATIENCE_MS,
    ...(key === undefined && { localOperator: userName() }),
  });
  const client = newClient();
  try {
    // Why a key may not discover the gate is told by the call that follows the older handshake: the client asks for both.
    const transport = createMemoryTransport({
      host: gate.host,
      legacy: bridge2025(gate),
      ...(key !== undefined && { key }),
      ...(endpoint !== undefined && { endpoint }),
    });
    await client.connect(transport);
  } catch (error) {
    await client.close();
    await gate.close();
    throw explainClientError(error, { endpoint });
  }
  return {
    client,
    isWithin: true,
    close: async () => {
      await client.close();
      await gate.close();
    },
  };
}
