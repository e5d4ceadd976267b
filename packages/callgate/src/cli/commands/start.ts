import { type Command, InvalidArgumentError, Option } from "commander";
import type { GateConfig } from "../../define/gate-config.ts";
import type { Gate } from "../../gate/open/create-gate.ts";
import { openGate } from "../../operations/open-gate.ts";
import { endOnSignals } from "../../transports/end-on-signals.ts";
import { type ServedGate, serveHttp } from "../../transports/serve-http.ts";
import { serveStdio } from "../../transports/serve-stdio.ts";
import { guardStdout } from "../../transports/stdio/stdout-guard.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { findConfig } from "../connection/find-config.ts";
import { announceGate } from "../connection/gate-file.ts";
import { loadConfig } from "../connection/load-config.ts";
import { outliveStrayErrors } from "../outlive-stray-errors.ts";
import { startWords, wordsOfOff } from "../printing/start-words.ts";
import type { Terminal } from "../terminal.ts";

const DEFAULT_PORT = 7400;

interface StartOptions {
  readonly stdio?: boolean;
  readonly http?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export function addStartCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("start")
    .description("start the gate that the config in this folder defines")
    .option("--stdio", "serve the process that started this one, over stdin and stdout (TRANSPORT=stdio)")
    .addOption(
      new Option("--http", "serve over HTTP, as it does unless told otherwise (TRANSPORT=http)").conflicts("stdio"),
    )
    .addOption(
      new Option("--port <port>", `0 takes a free one; ${DEFAULT_PORT} unless given (PORT)`).argParser(portNumber),
    )
    .option("--host <host>", "the address to listen on; 127.0.0.1 unless given (HOST)")
    .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
    .option("--json", "print where it listens as JSON")
    .option("--debug", "show where a failure comes from")
    .action((options: StartOptions) => start(options, context.terminal));
  withExamples(command, [
    "callgate start",
    "callgate start --port 8080 --host 0.0.0.0",
    "CALLGATE_KEY=cg_p_… callgate start --stdio",
  ]);
}

async function start(options: StartOptions, terminal: Terminal): Promise<void> {
  const path = findConfig(terminal.folder, options.config);
  if (path === undefined) {
    throw new CliError("cannotStart", "This folder has no callgate.config.ts.", {
      next: "Name one with --config, or make one: callgate init",
    });
  }
  if (wantsStdio(options, terminal)) return startStdio(path, terminal);
  await startHttp(await loadConfig(path), options, terminal);
}

function wantsStdio({ stdio, http }: StartOptions, { environment }: Terminal): boolean {
  if (stdio === true || http === true) return stdio === true;
  const transport = environment["TRANSPORT"] ?? "";
  if (transport === "" || transport === "http" || transport === "stdio") return transport === "stdio";
  throw new CliError("usage", `TRANSPORT is "${transport}".`, {
    next: "Set it to http or stdio, or say --http or --stdio, which win over it.",
  });
}

async function startHttp(config: GateConfig, options: StartOptions, terminal: Terminal): Promise<void> {
  const { environment } = terminal;
  const port = options.port ?? portOf(environment["PORT"]);
  const hostname = options.host ?? environment["HOST"];
  const gate = await openGate(config);
  outliveStrayErrors(gate.log);
  let served: ServedGate | undefined;
  try {
    served = await serveHttp(gate, { port, hostname });
    announce({ gate, served }, terminal);
    if (options.json === true) terminal.data(JSON.stringify({ url: served.url, pid: process.pid }));
    terminal.say(await startWords(gate, served.url));
  } catch (error) {
    await (served ?? gate).close();
    throw error;
  }
}

/** Leaves word of a gate that is served, until a signal ends it. */
function announce({ gate, served }: { readonly gate: Gate; readonly served: ServedGate }, terminal: Terminal): void {
  const withdraw = announceGate(gate.config.store.folder, { url: served.url, pid: process.pid });
  const close = async (): Promise<void> => {
    await served.close();
    withdraw();
  };
  endOnSignals({ close, say: (words) => terminal.say(words), renew: () => gate.renewSecrets() });
}

/** Whatever is printed while the config loads and the backends start must not reach the protocol's stdout. */
async function startStdio(path: string, terminal: Terminal): Promise<void> {
  const guard = guardStdout(process);
  const gate = await openGate(await loadConfig(path));
  outliveStrayErrors(gate.log);
  guard.release();
  const off = wordsOfOff(gate);
  if (off !== undefined) terminal.say(off);
  const served = serveStdio(gate, { key: terminal.environment["CALLGATE_KEY"] });
  endOnSignals({ close: () => served.close(), say: (words) => terminal.say(words) });
  process.exit(await served.ended);
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = toPort(text);
  if (port !== undefined) return port;
  throw new CliError("usage", `PORT is "${text}".`, { next: "It may be 0 to 65535." });
}

function portNumber(text: string): number {
  const port = toPort(text);
  if (port !== undefined) return port;
  throw new InvalidArgumentError("It may be 0 to 65535.");
}

function toPort(text: string): number | undefined {
  const port = Number(text);
  return text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}
