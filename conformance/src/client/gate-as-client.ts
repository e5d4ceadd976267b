import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { createMemoryTransport, defineGate, openGate, sqlite, upstream } from "callgate";
import { openToAll } from "../fixture/open-to-all.ts";
import { stories, type Visit } from "./stories.ts";

/**
 * Run by the referee as the client under test: puts a gate before the referee's server and does through it what the scenario
 * wants, so that what is judged is the gate's own side of the conversation.
 */
const url = process.argv.at(-1) ?? "";
const { MCP_CONFORMANCE_SCENARIO: scenario = "", MCP_CONFORMANCE_CONTEXT: context = "{}" } = process.env;
const story = stories[scenario];
if (story === undefined) throw new Error(`There is no story for the scenario ${scenario}.`);

const said = JSON.parse(context) as Visit["context"];
const secrets = { client_secret: "REFEREE_SECRET", private_key_pem: "REFEREE_KEY", valid_jwt: "REFEREE_ASSERTION" };
for (const [name, variable] of Object.entries(secrets)) {
  const secret = said[name];
  process.env[variable] = typeof secret === "string" ? secret : "a secret of the gate's own";
}
const credential = story.credential?.(said);

const folder = await mkdtemp(join(tmpdir(), "callgate-as-client-"));
const gate = await openGate(
  defineGate({
    name: "callgate-conformance",
    domains: [
      upstream("referee", {
        url,
        ...(credential !== undefined && { credential }),
        reads: ["*"],
        modes: [openToAll],
        lockFile: join(folder, "callgate.lock.json"),
      }),
    ],
    callers: { anonymous: { mode: openToAll } },
    graduation: "off",
    reason: "off",
    store: sqlite(join(folder, "gate.db")),
  }),
);
const capabilities = { elicitation: { form: { applyDefaults: true } } };
const client = new Client(
  { name: "callgate-conformance", version: "0.1.0" },
  { capabilities, versionNegotiation: { mode: "auto" } },
);
client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { confirmed: true } }));
await client.connect(createMemoryTransport({ host: gate.host }));
try {
  await story.visit({ client, context: said });
} finally {
  await client.close();
  await gate.close();
  await rm(folder, { recursive: true, force: true });
}
