import { appendFileSync, readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { answerOffering } from "./answer-offering.ts";
import type { Offering } from "./offering.ts";

/** A server that offers what a file says, and tells when that has changed: `node changing-server.ts offering.json`. */
const path = process.argv[2] ?? "";
const offered = (): Offering => JSON.parse(readFileSync(path, "utf8")) as Offering;

const { name = "changing", instructions } = offered();
const server = new Server(
  { name, version: "1.0.0" },
  {
    capabilities: { tools: { listChanged: true }, resources: { listChanged: true }, prompts: { listChanged: true } },
    ...(instructions !== undefined && { instructions }),
  },
);
server.fallbackRequestHandler = ({ method, params = {} }) => {
  if (method === "tools/call") appendFileSync(`${path}.calls`, `${JSON.stringify(params)}\n`);
  return answerOffering(offered(), method, params);
};
process.stdin.once("end", () => process.exit());
let told = JSON.stringify(offered());
// The file is replaced as a whole: it is the folder that changes.
watch(dirname(path), () => {
  try {
    const now = JSON.stringify(offered());
    if (now === told) return;
    told = now;
    void server.sendToolListChanged().catch(() => undefined);
  } catch {
    // Half written: there is more to come.
  }
});
await server.connect(new StdioServerTransport());
