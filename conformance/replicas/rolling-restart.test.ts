import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { newRing, toRingText } from "../../packages/callgate/src/secrets/ring.ts";
import { describeWithPostgres, usePostgres } from "../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { callTool } from "./call-tool.ts";
import { type Effects, startEffects } from "./effects.ts";
import { Front } from "./front.ts";
import type { ReplicaSetting } from "./setting.ts";
import { type Replica, startReplica } from "./start-replica.ts";

const CLIENTS = 8;
/** Longer than the front takes to learn that a replica is not ready any more. */
const DRAIN_DELAY_MS = 1_500;

/** Calls through the front without a pause until told to stop: reads that take their time, and writes with keys of their own. */
async function callUntil(stopped: AbortSignal, url: string, name: string): Promise<readonly string[]> {
  const ends: string[] = [];
  for (let turn = 0; !stopped.aborted; turn += 1) {
    const guest = `${name}-${turn}`;
    const isRead = turn % 2 === 0;
    const answer = isRead
      ? await callTool(url, "find_room", { arguments: { wait_ms: (turn * 37) % 400 } })
      : await callTool(url, "book_room", { arguments: { guest, idempotency_key: guest } });
    const expected = isRead ? { room: "blue" } : { guest };
    const isRight = JSON.stringify(answer.json.result?.["structuredContent"]) === JSON.stringify(expected);
    ends.push(isRight ? "right" : `${answer.status} ${answer.text}`);
  }
  return ends;
}

describeWithPostgres("three replicas on one PostgreSQL", () => {
  const used = usePostgres({ fsync: false });

  it("[B6] are restarted one after the other under load, and no call fails, nor is any write done twice", async () => {
    const address = await used.newDatabase();
    const ring = { CALLGATE_KEYRING: toRingText(newRing(Date.now())) };
    const [effects, front]: [Effects, Front] = [await startEffects(), await Front.start()];
    const folders: string[] = [];
    onTestFinished(async () => {
      await Promise.all([front.end(), effects.end(), ...folders.map((folder) => rm(folder, { recursive: true }))]);
    });
    const start = async (): Promise<Replica> => {
      // Each has a disk of its own.
      const folder = await mkdtemp(join(tmpdir(), "callgate-replica-"));
      folders.push(folder);
      const setting: ReplicaSetting = {
        store: { folder, address },
        effectsUrl: effects.url,
        drainDelayMs: DRAIN_DELAY_MS,
      };
      const replica = await startReplica(setting, ring);
      await front.add(replica.url);
      return replica;
    };
    const replicas = await Promise.all([start(), start(), start()]);
    const stop = new AbortController();
    onTestFinished(async () => {
      stop.abort();
      await Promise.all(replicas.map((replica) => replica.stop()));
    });
    const calling = Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => callUntil(stop.signal, front.url, `client-${index}`)),
    );
    const codes: unknown[] = [];
    for (const old of replicas.splice(0)) {
      codes.push(await old.stop());
      front.remove(old.url);
      replicas.push(await start());
    }
    stop.abort();
    const ends = (await calling).flat();
    expect(codes).toEqual([0, 0, 0]);
    expect(ends.filter((end) => end !== "right")).toEqual([]);
    // Each restart had calls under way.
    expect(ends.length).toBeGreaterThan(CLIENTS * 6);
    expect([...effects.counts.values()].filter((count) => count !== 1)).toEqual([]);
    expect(effects.counts.size).toBeGreaterThan(CLIENTS * 3);
  }, 120_000);
});
