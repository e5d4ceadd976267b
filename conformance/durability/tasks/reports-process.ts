import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { CallContext } from "../../../packages/callgate/src/define/context.ts";
import { defineDomain } from "../../../packages/callgate/src/define/domain.ts";
import { defineGate } from "../../../packages/callgate/src/define/gate-config.ts";
import { createGate } from "../../../packages/callgate/src/gate/open/create-gate.ts";
import { withTasks } from "../../../packages/callgate/src/gate/testing/long-domain.ts";
import { TestCaller } from "../../../packages/callgate/src/gate/testing/test-caller.ts";
import { postgres } from "../../../packages/callgate/src/store/postgres/postgres.ts";
import { sqlite } from "../../../packages/callgate/src/store/sqlite/sqlite.ts";
import type { Answered, Asked, Setting } from "./messages.ts";

/** A gate in a process of its own, whose long work goes on until the outside world says that it is enough. */
const { folder, database, world } = JSON.parse(process.argv[2] ?? "") as Setting;
const tell = (what: string, name: string): void => appendFileSync(world, `${what} ${name} ${process.pid}\n`);

async function until(end: string, { signal, progress }: CallContext<unknown>): Promise<void> {
  for (let step = 1; !existsSync(join(folder, end)); step += 1) {
    progress(step);
    await wait(20, undefined, { signal });
  }
}

const input = z.object({ name: z.string() });
const output = z.object({ name: z.string() });
const reports = defineDomain("reports", { owner: "team", purpose: "Reports.", concern: "One that is sent twice." });

async function work(name: string, ctx: CallContext<unknown>): Promise<{ name: string }> {
  try {
    await until(`${name}.end`, ctx);
  } catch (error) {
    tell("aborted", name);
    throw error;
  }
  tell("ended", name);
  return { name };
}

for (const [tool, concurrency] of [
  ["build_report", 8],
  ["build_alone", 1],
] as const) {
  reports.read(tool, {
    description: "Builds a report until it is enough.",
    input,
    output,
    concurrency,
    longRunning: true,
    run: ({ name }, ctx) => {
      tell("begun", name);
      return work(name, ctx);
    },
  });
}
reports.write("send_report", {
  description: "Sends a report, and waits until it has arrived.",
  input,
  output,
  longRunning: true,
  plan: ({ name }) => ({ preview: { send: name }, name }),
  commit: ({ name }, ctx) => {
    tell("entered", name);
    if (name.startsWith("sent")) tell("sent", name);
    return work(name, ctx);
  },
  lookup: () => {
    const sent = /^sent (\S+) /mu.exec(readFileSync(world, "utf8"));
    return sent === null ? undefined : { name: sent[1] ?? "" };
  },
});

const gate = await createGate(
  defineGate({
    name: "long-work",
    domains: [reports],
    callers: {
      authenticate: [() => ({ kind: "person", user: "ann", role: "desk" })],
      roles: { desk: { scopes: ["*"] } },
    },
    graduation: "off",
    limits: { rate: "100000/s" },
    store: database === undefined ? sqlite(join(folder, "gate.db")) : postgres(database, { folder }),
  }),
);
const ann = new TestCaller(gate, "ann");
process.on("message", ({ number, method, params }: Asked) => {
  void ann
    .request(method, params, withTasks)
    .then(({ answer }) => process.send?.({ number, answer } satisfies Answered));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
