import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerNotifier } from "@modelcontextprotocol/server";
import { defineGate, openGate, serveHttp, sqlite, type UpstreamOptions, upstream } from "callgate";
import { type ServedHttp, serveModern } from "../../packages/callgate/src/upstream/testing/serve-http.ts";
import { serveLegacy } from "../../packages/callgate/src/upstream/testing/serve-legacy.ts";
import { buildNewServer } from "./new-server.ts";
import type { Happenings } from "./offering.ts";
import { buildOldServer } from "./old-server.ts";

/** A server behind the gate: its name there is before its tools' names, and is the scheme of its addresses. */
export interface Leg {
  readonly name: string;
  readonly era: "2025" | "2026";
  readonly way: "HTTP" | "stdio";
}

export const legs: readonly Leg[] = [
  { name: "oldhttp", era: "2025", way: "HTTP" },
  { name: "oldstdio", era: "2025", way: "stdio" },
  { name: "newhttp", era: "2026", way: "HTTP" },
  { name: "newstdio", era: "2026", way: "stdio" },
];

export interface RunningHouse {
  readonly url: string;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** One gate before a server of each era over each transport, all of whose callers are one person. */
export async function startHouse(): Promise<RunningHouse> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-eras-"));
  const served: ServedHttp[] = [];
  const domains = await Promise.all(
    legs.map(async (leg) => {
      const address = leg.way === "stdio" ? childOf(leg) : await serve(leg, served);
      const rules = { reads: ["*"], prefix: `${leg.name}_`, modes: ["open"], timeoutMs: 30_000 };
      return upstream(leg.name, { ...address, ...rules, lockFile: join(folder, `${leg.name}.lock.json`) });
    }),
  );
  const gate = await openGate(
    defineGate({
      name: "eras",
      domains,
      callers: {
        authenticate: [() => ({ kind: "person", user: "ann", role: "all" })],
        roles: { all: { modes: ["open"], scopes: ["*"] } },
      },
      graduation: "off",
      limits: { rate: "100000/s" },
      store: sqlite(join(folder, "gate.db")),
    }),
  );
  const front = await serveHttp(gate, { port: 0 });
  return {
    url: `${front.url}/mcp`,
    close: async () => {
      await front.close();
      for (const each of served) await each.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function childOf({
  era,
  name,
}: Leg): Pick<Extract<UpstreamOptions, { command: string }>, "command" | "args" | "roots"> {
  return { command: process.execPath, args: [CHILD, era, name], roots: true };
}

async function serve({ era, name: scheme }: Leg, served: ServedHttp[]): Promise<{ readonly url: string }> {
  const happenings: Happenings = { cancelled: 0, offersExtra: true };
  let notifier: ServerNotifier | undefined;
  const server =
    era === "2025"
      ? await serveLegacy(() => buildOldServer(scheme, happenings))
      : await serveModern(() => buildNewServer({ scheme, happenings, notifier: () => notifier }));
  if ("notifier" in server) notifier = server.notifier;
  served.push(server);
  return { url: server.url };
}
