import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineGate, openGate, serveHttp, sqlite, upstream } from "callgate";
import { openToAll } from "../fixture/open-to-all.ts";
import type { RunningFixture } from "../fixture/start-fixture.ts";

/** A gate that has nothing of its own, before the server at `url`: what the referee judges is what comes through. */
export async function startThrough(url: string): Promise<RunningFixture> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-through-"));
  const gate = await openGate(
    defineGate({
      name: "callgate-conformance",
      version: "0.1.0",
      domains: [
        upstream("fixture", { url, reads: ["*"], modes: [openToAll], lockFile: join(folder, "callgate.lock.json") }),
      ],
      callers: { anonymous: { mode: openToAll } },
      graduation: "off",
      store: sqlite(join(folder, "gate.db")),
      reason: "off",
      limits: { rate: "100000/min" },
    }),
  );
  const served = await serveHttp(gate, { port: 0 });
  return {
    url: `${served.url}/mcp`,
    close: async () => {
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
