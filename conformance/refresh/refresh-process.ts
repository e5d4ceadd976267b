import { setTimeout as wait } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/client";
import {
  createMemoryTransport,
  defineDomain,
  defineGate,
  env,
  file,
  openGate,
  postgres,
  refreshing,
  sqlite,
  type UpstreamCredential,
} from "callgate";
import { z } from "zod";

/**
 * One replica of a gate, whose one tool calls an upstream with a token that rotates, again and again until it is told to
 * stop. It records and logs what it sends, as careless tools do. Says by IPC what each call gave.
 */
const { STORE = "", FOLDER = "", ISSUER = "", SEED = "" } = process.env;

const credential = refreshing({
  issuer: ISSUER,
  clientId: "gate",
  clientSecret: env("CLIENT_SECRET"),
  refreshToken: file(SEED),
});

const calendar = defineDomain<UpstreamCredential>("calendar", {
  owner: "test",
  purpose: "Whose calendar it is.",
  concern: "A credential must not be lost.",
  backend: {
    start: async (_, host) => {
      await credential.open?.(host);
      return credential;
    },
  },
});

calendar.read("whose_calendar", {
  description: "Say whose calendar it is.",
  modes: ["all"],
  rate: "100000/min",
  input: z.object({}),
  output: z.object({ status: z.int(), whose: z.string() }),
  run: async (_, { backend, subject, signal, log, recordSent }) => {
    for (let attempt = 1; ; attempt += 1) {
      const headers = await backend.headers({ subject, signal });
      recordSent({ headers, note: `sent ${JSON.stringify(headers)}` });
      log.info("asking", {
        headers,
        words: Object.values(headers).join(" "),
        parts: headers["authorization"]?.split(" "),
      });
      const response = await fetch(`${ISSUER}/upstream`, { headers, signal });
      if (response.status !== 401 || attempt === 2 || !(await backend.refused({ subject, signal }, headers)))
        return { status: response.status, whose: await response.text() };
    }
  },
});

const gate = await openGate(
  defineGate({
    name: "refresh",
    domains: [calendar],
    callers: { local: { kind: "person", user: "ann", role: "all" }, roles: { all: { modes: ["all"], scopes: ["*"] } } },
    store: STORE === "" ? sqlite(`${FOLDER}/gate.db`) : postgres(STORE, { folder: FOLDER, connections: 4 }),
  }),
);
const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
await client.connect(createMemoryTransport({ host: gate.host }));
const stop = new AbortController();
process.on("message", () => stop.abort());
process.on("disconnect", () => process.exit(1));
process.send?.({ kind: "ready" });
while (!stop.signal.aborted) {
  const answer = await client.callTool({ name: "whose_calendar", arguments: {} });
  process.send?.({ kind: "answer", text: JSON.stringify(answer), isError: answer.isError === true });
  await wait(answer.isError === true ? 200 : 60);
}
await client.close();
await gate.close();
process.send?.({ kind: "closed" }, () => process.exit(0));
