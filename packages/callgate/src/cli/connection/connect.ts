import type { Client } from "@modelcontextprotocol/client";
import { CliError } from "../cli-error.ts";
import type { GateSelection } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import type { Connection } from "./connection.ts";
import { findConfig } from "./find-config.ts";
import { findRunningGate } from "./gate-file.ts";

export interface ConnectOptions extends GateSelection {
  /** `operations`: the command needs the gate's own tools alone, so no backend is started for it. */
  readonly needs: "everything" | "operations";
  /** The domain whose own endpoint has the tools; left out: those of the whole gate. */
  readonly endpoint?: string;
}

/**
 * Finds the gate that a command talks to: the one at `--url` or `CALLGATE_URL`, else the one that the config in this
 * folder defines, within this process, else the one that has left word in this folder's `.callgate`.
 */
export async function connect(options: ConnectOptions, { environment, folder }: Terminal): Promise<Connection> {
  const { endpoint } = options;
  const key = options.key ?? environment["CALLGATE_KEY"];
  const url = options.url ?? (options.config === undefined ? environment["CALLGATE_URL"] : undefined);
  // With the client that they load these take a tenth of a second, which a gate that is started need not wait for.
  const { connectOverHttp } = await import("./over-http.ts");
  if (url !== undefined) return connectOverHttp(url, { key, endpoint });
  const config = findConfig(folder, options.config);
  if (config !== undefined) {
    const { connectWithin } = await import("./within-process.ts");
    return connectWithin(config, { key, endpoint, serve: options.needs, debug: options.debug === true });
  }
  const running = findRunningGate(folder);
  if (running !== undefined) return connectOverHttp(running.url, { key, endpoint });
  throw new CliError(
    "unreachable",
    "There is no gate here: this folder has no callgate.config.ts, and neither --url nor CALLGATE_URL is given.",
    { next: "Name one with --url, go to its folder, or make one: callgate init" },
  );
}

/** Connects, works, and closes whatever happened. */
export async function withConnection<Value>(
  options: ConnectOptions,
  terminal: Terminal,
  work: (client: Client) => Promise<Value>,
): Promise<Value> {
  const connection = await connect(options, terminal);
  try {
    return await work(connection.client);
  } catch (error) {
    const { explainClientError } = await import("./client-errors.ts");
    const explained = explainClientError(error, { endpoint: options.endpoint });
    throw connection.isWithin && options.debug !== true ? pointToLog(explained) : explained;
  } finally {
    await connection.close();
  }
}

/** Who runs the gate within a command is who the gate's words send people to. */
function pointToLog(error: unknown): unknown {
  if (!(error instanceof CliError) || !error.isLogged) return error;
  return new CliError(error.reason, error.message, {
    next: "Run it with --debug: the gate's log says what broke.",
    cause: error,
    said: error.said,
  });
}
