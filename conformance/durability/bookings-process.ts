import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { defineDomain } from "../../packages/callgate/src/define/domain.ts";
import { defineGate } from "../../packages/callgate/src/define/gate-config.ts";
import { createGate } from "../../packages/callgate/src/gate/open/create-gate.ts";
import { postgres } from "../../packages/callgate/src/store/postgres/postgres.ts";
import { sqlite } from "../../packages/callgate/src/store/sqlite/sqlite.ts";
import { askedOver, type Setting } from "./messages.ts";

/** A gate with one write, and a process that ends itself with SIGKILL at the point it is told. */
const setting = JSON.parse(process.argv[2] ?? "") as Setting;
const dieAt = (point: string): void => {
  if (point === setting.dieAt) process.kill(process.pid, "SIGKILL");
};

const effects = new DatabaseSync(join(setting.folder, "effects.db"));
effects.exec("PRAGMA synchronous = FULL");
effects.exec("CREATE TABLE IF NOT EXISTS bookings (id INTEGER PRIMARY KEY, key TEXT NOT NULL, guest TEXT NOT NULL)");
const insert = effects.prepare("INSERT INTO bookings (key, guest) VALUES (?, ?) RETURNING id");
const byKey = effects.prepare("SELECT id FROM bookings WHERE key = ?");

/** The outside world. Where it takes the key, it makes one booking for it, and no rule stops it from making two where it does not. */
function book(key: string, guest: string): { id: number } {
  const known = setting.takesIdempotencyKey ? byKey.get(key) : undefined;
  dieAt("before-effect");
  const { id } = (known ?? insert.get(key, guest)) as { id: number };
  dieAt("effect-made");
  return { id };
}

const bookings = defineDomain("bookings", {
  owner: "stays",
  purpose: "Books stays.",
  concern: "Two bookings for one call.",
  backend: { start: () => undefined, takesIdempotencyKey: setting.takesIdempotencyKey },
});
bookings.write("create_booking", {
  description: "Books a stay for a guest.",
  input: z.object({ guest: z.string() }),
  output: z.object({ id: z.number() }),
  plan: ({ guest }) => ({ preview: { action: "create_booking", guest }, guest }),
  commit: ({ guest }, { idempotencyKey }) => book(idempotencyKey, guest),
  ...(setting.hasLookup && { lookup: (key) => byKey.get(key) as { id: number } | undefined }),
});

const gate = await createGate(
  defineGate({
    name: "durability",
    domains: [bookings],
    callers: {
      authenticate: [() => ({ kind: "person", user: "ann", role: "desk" })],
      roles: { desk: { scopes: ["*"] } },
    },
    graduation: "off",
    store:
      setting.database === undefined
        ? sqlite(join(setting.folder, "gate.db"))
        : postgres(setting.database, { folder: setting.folder }),
  }),
  { at: dieAt },
);
await askedOver(gate);
await gate.close();
effects.close();
process.disconnect();
