import { setTimeout as passed } from "node:timers/promises";
import {
  apiKeys,
  defineDomain,
  defineGate,
  endOnSignals,
  inputRequired,
  openGate,
  postgres,
  serveHttp,
  sqlite,
} from "callgate";
import { z } from "zod";
import type { ReplicaSetting } from "./setting.ts";

/** One of several gates on one store: it reads slowly, writes to the outside world, and asks the client back. */
const { store, effectsUrl, drainDelayMs } = JSON.parse(process.argv[2] ?? "") as ReplicaSetting;

const desk = defineDomain("desk", {
  owner: "stays",
  purpose: "Looks after rooms.",
  concern: "None.",
  backend: { start: () => effectsUrl },
});
const rules = { modes: ["desk"], rate: "100000/s" } as const;
desk.read("find_room", {
  ...rules,
  description: "Finds a room, and takes its time.",
  input: z.object({ wait_ms: z.number() }),
  output: z.object({ room: z.string() }),
  run: async ({ wait_ms }, { signal }) => {
    await passed(wait_ms, undefined, { signal });
    return { room: "blue" };
  },
});
desk.write("book_room", {
  ...rules,
  description: "Books a room.",
  input: z.object({ guest: z.string() }),
  output: z.object({ guest: z.string() }),
  plan: ({ guest }) => ({ preview: { action: "book_room", guest }, guest }),
  commit: async ({ guest }, { backend, idempotencyKey, signal }) => {
    await fetch(backend, { method: "POST", body: idempotencyKey, signal });
    return { guest };
  },
});
desk.read("ask_name", {
  ...rules,
  description: "Asks for a name, and says it.",
  input: z.object({}),
  output: z.object({ said: z.string() }),
  run: (_, { inputResponses, state }) => {
    if (inputResponses["name"] !== undefined) return { said: String(state) };
    const requestedSchema = { type: "object", properties: { name: { type: "string" } } };
    const request = { method: "elicitation/create", params: { message: "Your name?", requestedSchema } } as const;
    return inputRequired({ requests: { name: request }, state: "as agreed" });
  },
});

const gate = await openGate(
  defineGate({
    name: "replicas",
    domains: [desk],
    graduation: "off",
    callers: {
      authenticate: [apiKeys(), () => ({ kind: "person", user: "ann", role: "desk" })],
      roles: { desk: { modes: ["desk"], scopes: ["*"] } },
    },
    server: { drainDelayMs },
    store:
      store.address === undefined
        ? sqlite(`${store.folder}/gate.db`)
        : postgres(store.address, { folder: store.folder }),
  }),
);
const served = await serveHttp(gate, { port: 0 });
endOnSignals({ close: () => served.close(), say: () => undefined });
process.send?.({ url: served.url });
process.on("disconnect", () => process.exit(1));
