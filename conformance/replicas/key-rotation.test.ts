import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ring, withNextInUse } from "../../packages/callgate/src/secrets/ring.ts";
import { replaceRingFile } from "../../packages/callgate/src/secrets/ring-file.ts";
import type { JsonObject } from "../../packages/callgate/src/wire/exchange.ts";
import { callTool } from "./call-tool.ts";
import { type Effects, startEffects } from "./effects.ts";
import { type Replica, startReplica } from "./start-replica.ts";

const ANSWERED = { inputResponses: { name: { action: "accept", content: { name: "Ann" } } } };

describe("two processes on one machine's store", { timeout: 90_000 }, () => {
  let folder: string;
  let effects: Effects;
  let here: Replica;
  let there: Replica;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "callgate-rotation-"));
    effects = await startEffects();
    const setting = { store: { folder }, effectsUrl: effects.url, drainDelayMs: 0 };
    here = await startReplica(setting);
    there = await startReplica(setting);
  }, 90_000);
  afterEach(async () => {
    await Promise.all([here.stop(), there.stop()]);
    await effects.end();
    await rm(folder, { recursive: true });
  });

  const ringPath = (): string => join(folder, "keyring.json");
  const rotate = async (): Promise<void> => {
    const ring = JSON.parse(await readFile(ringPath(), "utf8")) as Ring;
    replaceRingFile(ringPath(), withNextInUse(ring, Date.now()));
  };
  /** The id of the key that a state was sealed with. */
  const keyOf = (state: string): string => Buffer.from(state, "base64url").subarray(1, 5).toString("hex");
  const ask = async ({ url }: Replica): Promise<string> => {
    const { json, text } = await callTool(url, "ask_name");
    expect(json.result?.["requestState"], text).toBeTypeOf("string");
    return String(json.result?.["requestState"]);
  };
  const answer = async ({ url }: Replica, requestState: string): Promise<unknown> =>
    (await callTool(url, "ask_name", { ...ANSWERED, requestState })).json.result?.["structuredContent"];

  it("open each other's states, whichever of them was sealed before a rotation, and with whichever key (SECURITY 15)", async () => {
    const old = await ask(here);
    await rotate();
    expect(await answer(there, old)).toEqual({ said: "as agreed" });
    // A process seals with the new key within seconds; the other one has no reason to have read it yet.
    let state = await ask(here);
    for (; keyOf(state) === keyOf(old); state = await ask(here)) await passed(100);
    expect(await answer(there, state)).toEqual({ said: "as agreed" });
    expect(await answer(here, old)).toEqual({ said: "as agreed" });
    const changed = Buffer.from(state, "base64url");
    changed[20] = (changed[20] ?? 0) ^ 1;
    const { json } = await callTool(there.url, "ask_name", {
      ...ANSWERED,
      requestState: changed.toString("base64url"),
    });
    expect(json.error?.data).toMatchObject({ code: "state_invalid" });
  });

  it("replay each other's writes while keys are rotated again and again, and do none of them twice", async () => {
    const write = ({ url }: Replica, guest: string): Promise<JsonObject | undefined> =>
      callTool(url, "book_room", { arguments: { guest, idempotency_key: guest } }).then(({ json }) => json.result);
    for (let round = 0; round < 4; round += 1) {
      const guests = Array.from({ length: 10 }, (_, index) => `guest-${round}-${index}`);
      const first = await Promise.all(guests.map((guest, index) => write(index % 2 === 0 ? here : there, guest)));
      await rotate();
      const again = await Promise.all(guests.map((guest, index) => write(index % 2 === 0 ? there : here, guest)));
      for (const results of [first, again])
        expect(results.map((result) => result?.["structuredContent"])).toEqual(guests.map((guest) => ({ guest })));
      expect(again.map((result) => (result?.["_meta"] as JsonObject | undefined)?.["io.callgate/replayed"])).toEqual(
        guests.map(() => true),
      );
    }
    expect([...effects.counts.values()]).toEqual(Array.from({ length: 40 }, () => 1));
    const { keys } = JSON.parse(await readFile(ringPath(), "utf8")) as Ring;
    expect(keys).toHaveLength(5);
  });
});
