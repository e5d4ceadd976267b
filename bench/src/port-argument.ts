import { parseArgs } from "node:util";

/** Reads `--port N` from the command line of a server under test. */
export function readPort(): number {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("Say where to listen: --port N");
  return port;
}
