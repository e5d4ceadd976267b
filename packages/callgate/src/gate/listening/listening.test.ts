import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { issueKey } from "../../callers/api-key.ts";
import { defineDomain } from "../../define/domain.ts";
import { apiKeys, type CallersConfig } from "../../define/gate-config.ts";
import type { ChangeEvent, SubscriptionFilter } from "../../wire/exchange.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

const stays = defineDomain("stays", { owner: "o", purpose: "p", concern: "c" });
stays.resource({ name: "rules", uri: "stays://rules", scope: "stays:read", read: () => ({ text: "No smoking." }) });

const everything: SubscriptionFilter = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: true,
  resourceSubscriptions: ["stays://rules"],
};
const lists: SubscriptionFilter = { ...everything, resourceSubscriptions: [] };
const listChanged: ChangeEvent = { method: "notifications/tools/list_changed", params: {} };
const rulesUpdated: ChangeEvent = { method: "notifications/resources/updated", params: { uri: "stays://rules" } };

let folder: string;
let gates: TestGate[];
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-listening-"));
  gates = [];
  now = 1_000_000;
});
afterEach(async () => {
  for (const gate of gates) await gate.close();
  await rm(folder, { recursive: true });
});

async function open(callers: CallersConfig = {}): Promise<TestGate> {
  const gate = await openTestGate([stays], {
    folder,
    clock: () => now,
    config: { callers: { authenticate: [apiKeys()], ...callers } },
  });
  gates.push(gate);
  return gate;
}

async function keyOf({ gate }: TestGate, expiresAt?: number, name = "ann"): Promise<{ id: string; secret: string }> {
  const { secret, row } = issueKey({ kind: "person", name, scopes: ["stays:read"], expiresAt }, now);
  await gate.store.keys.insert(row);
  return { id: row.id, secret };
}

/** What a subscriber hears: notifications by method, and the end. */
async function listen(test: TestGate, credential: string | undefined, wanted = everything): Promise<string[]> {
  const heard: string[] = [];
  const exchange = test.as(credential).exchange("subscriptions/listen", {});
  const opened = await test.gate.host.listen(exchange, wanted, {
    emit: ({ method }) => void heard.push(method),
    end: () => void heard.push("end"),
  });
  expect(opened).toMatchObject({ honoured: wanted });
  return heard;
}

const ended = (heard: readonly string[]) =>
  vi.waitFor(() => expect(heard.at(-1)).toBe("end"), { timeout: 30_000, interval: 10 });

test("a revoked key hears of nothing that comes after, and its stream ends (SECURITY 7)", async () => {
  const test = await open();
  const { id, secret } = await keyOf(test);
  const heard = await listen(test, secret);
  test.gate.publish(rulesUpdated);
  await vi.waitFor(() => expect(heard).toEqual([rulesUpdated.method]));
  await test.gate.store.keys.revoke(id, now);
  test.gate.publish(rulesUpdated);
  test.gate.publish(listChanged);
  await ended(heard);
  expect(heard).toEqual([rulesUpdated.method, "end"]);
});

test("a stream on which nothing happens ends too, also when another process has revoked its key", async () => {
  const here = await open();
  const there = await open();
  const { id, secret } = await keyOf(here);
  const heard = await listen(here, secret);
  await there.gate.store.keys.revoke(id, now);
  await ended(heard);
  expect(heard).toEqual(["end"]);
});

test("whom a change cannot be told keeps it from nobody else, nor brings the gate down: the log says so", async () => {
  const test = await open();
  const { secret } = await keyOf(test);
  const exchange = test.as(secret).exchange("subscriptions/listen", {});
  const emit = (): never => {
    throw new Error("not JSON");
  };
  await test.gate.host.listen(exchange, everything, { emit, end: () => {} });
  const heard = await listen(test, secret);
  for (const times of [1, 2]) {
    test.gate.publish(rulesUpdated);
    await vi.waitFor(() => expect(heard).toHaveLength(times));
  }
  expect(test.logged.filter(({ fields }) => JSON.stringify(fields).includes("not JSON"))).toHaveLength(2);
});

test("a key that expires hears of nothing from that moment on", async () => {
  const test = await open();
  const { secret } = await keyOf(test, now + 10);
  const heard = await listen(test, secret);
  now += 9;
  test.gate.publish(listChanged);
  await vi.waitFor(() => expect(heard).toEqual([listChanged.method]));
  now += 1;
  test.gate.publish(listChanged);
  await ended(heard);
  expect(heard).toEqual([listChanged.method, "end"]);
});

test("whom a function of the team knows no more hears of nothing after ten seconds", async () => {
  let known = true;
  const test = await open({
    authenticate: [() => (known ? { kind: "person", user: "ann" } : undefined)],
    roles: all,
    roleOf: () => "all",
  });
  const heard = await listen(test, "a session");
  known = false;
  now += 10_000;
  test.gate.publish(listChanged);
  await ended(heard);
  expect(heard).toEqual(["end"]);
});

const all = { all: { scopes: ["*"] } };

test("who loses a role hears of what is seen without it, in the order in which it happened", async () => {
  let role: string | undefined = "all";
  const test = await open({ roles: all, roleOf: () => role });
  const { secret } = await keyOf(test);
  const heard = await listen(test, secret);
  role = undefined;
  now += 10_000;
  test.gate.publish({ ...listChanged, method: "notifications/prompts/list_changed" });
  test.gate.publish(rulesUpdated);
  test.gate.publish(listChanged);
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard).toEqual(["notifications/prompts/list_changed", "notifications/tools/list_changed"]);
});

describe("on two replicas", () => {
  it("a change on one is told to the subscribers of both", async () => {
    const [here, there] = [await open(), await open()];
    const { secret } = await keyOf(here);
    const heard = [await listen(here, secret), await listen(there, secret)];
    here.gate.publish(rulesUpdated);
    there.gate.publish(listChanged);
    for (const each of heard) {
      await vi.waitFor(() => expect(each).toHaveLength(2), { timeout: 30_000 });
      expect(each.toSorted()).toEqual([rulesUpdated.method, listChanged.method]);
    }
  });

  it("what concerns one subject is told to it alone, wherever it listens (SECURITY 19)", async () => {
    const [here, there] = [await open({ anonymous: { mode: "open" } }), await open({ anonymous: { mode: "open" } })];
    const [ann, bob] = [await keyOf(here), await keyOf(here, undefined, "bob")];
    const heard = new Map<string, string[]>();
    for (const [replica, test] of Object.entries({ here, there })) {
      heard.set(`ann ${replica}`, await listen(test, ann.secret));
      heard.set(`bob ${replica}`, await listen(test, bob.secret));
      heard.set(`a stranger ${replica}`, await listen(test, undefined, lists));
    }
    here.gate.publish(listChanged, "person:ann");
    there.gate.publish(listChanged, "anonymous");
    // What everybody hears comes behind what only some do.
    const last = { ...listChanged, method: "notifications/prompts/list_changed" };
    for (const test of [here, there]) test.gate.publish(last);
    for (const each of heard.values())
      await vi.waitFor(() => expect(each.filter((method) => method === last.method)).toHaveLength(2), {
        timeout: 30_000,
      });
    const told = [...heard].filter(([, each]) => each.includes(listChanged.method)).map(([who]) => who);
    expect(told).toEqual(["ann here", "ann there"]);
  });

  it("changes that may have been missed are told as if they had happened", async () => {
    const test = await open();
    const { secret } = await keyOf(test);
    const heard = await listen(test, secret);
    // Too long for any signal: all that the other processes learn is that there was one.
    const there = await open();
    there.gate.publish({ method: rulesUpdated.method, params: { uri: `stays://${"x".repeat(5_000)}` } });
    await vi.waitFor(() => expect(heard).toHaveLength(4), { timeout: 30_000 });
    const changed = ["tools", "resources", "prompts"].map((list) => `notifications/${list}/list_changed`);
    expect(heard).toEqual([...changed, rulesUpdated.method]);
  });
});
