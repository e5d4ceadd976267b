import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readPort } from "../port-argument.ts";
import { readPlace, stdioCommand } from "./upstream-place.ts";

// mcp-proxy as its command is meant: before a server over stdio. What it can do without is off: the store of events.
const main = createRequire(import.meta.url).resolve("mcp-proxy");
const port = String(readPort());
const options = ["--host", "127.0.0.1", "--port", port, "--server", "stream", "--upstreamProtocol", "modern"];
process.argv.splice(2, process.argv.length, ...options, "--no-eventStore", "--", ...stdioCommand(readPlace()));
await import(new URL("bin/mcp-proxy.mjs", pathToFileURL(main)).href);
