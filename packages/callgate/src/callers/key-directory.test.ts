import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Store } from "../store/port.ts";
import { hashKey, issueKey, succeedKey } from "./api-key.ts";
import { KeyDirectory } from "./key-directory.ts";
import { type OpenKeys, openKeys } from "./testing/open-keys.ts";

let keys: OpenKeys;
let other: Store;
const made: KeyDirectory[] = [];

beforeAll(async () => {
  keys = await openKeys();
  other = await keys.openAgain();
});

afterAll(async () => {
  for (const directory of made) await directory.close();
  await keys.close();
});

function directoryOf(store: Store, clock = Date.now): KeyDirectory {
  const directory = new KeyDirectory(store.keys, clock);
  made.push(directory);
  return directory;
}

test("a key is 256 random bits, names its kind, and is stored as a hash alone", () => {
  const { secret, row } = issueKey({ kind: "agent", name: "bot", user: "ada", scopes: [] }, 5);
  expect(secret).toMatch(/^cg_a_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  expect(row.hash).toBe(hashKey(secret));
  expect(secret).toContain(row.id.replace("key_", ""));
  expect(JSON.stringify(row)).not.toContain(secret.slice(-43));
  expect(issueKey({ kind: "agent", name: "bot", scopes: [] }, 5).secret).not.toBe(secret);
});

test("[C4] after a rotation both keys work until the overlap is over, then the new one alone", async () => {
  let now = 1_000;
  const directory = directoryOf(keys.store, () => now);
  const old = await keys.issue({ kind: "agent", name: "bot", user: "ada", role: "desk" }, now);
  const successor = succeedKey(old.row, now, undefined);
  await keys.store.keys.rotate(old.row.id, successor.row, now + 500);
  expect(await directory.find(old.secret)).toMatchObject({ id: old.row.id, replacedBy: successor.row.id });
  expect(await directory.find(successor.secret)).toMatchObject({ name: "bot", user: "ada", role: "desk" });
  now += 500;
  expect(await directory.find(old.secret)).toBe("ended");
  expect(await directory.find(successor.secret)).toMatchObject({ id: successor.row.id });
});

test("[C4] a revocation counts at once here, and at another process as soon as it can be seen (SECURITY 7)", async () => {
  const here = directoryOf(keys.store);
  const there = directoryOf(other);
  const { secret, row } = await keys.issue({ kind: "person" });
  await vi.waitFor(async () => expect(await there.find(secret)).toMatchObject({ id: row.id }), { interval: 2 });
  expect(await here.find(secret)).toMatchObject({ id: row.id });
  await keys.store.keys.revoke(row.id, Date.now());
  expect(await here.find(secret)).toBe("ended");
  await vi.waitFor(async () => expect(await there.find(secret)).toBe("ended"), { interval: 2, timeout: 30_000 });
});

test("an answer is never older than the question, even while keys are being read", async () => {
  const directory = directoryOf(keys.store);
  const { secret, row } = await keys.issue({ kind: "person" });
  const before = directory.find(secret);
  await keys.store.keys.revoke(row.id, Date.now());
  const after = directory.find(secret);
  await before;
  expect(await after).toBe("ended");
});

test("a change of one key leaves the rows of all others as they are", async () => {
  const directory = directoryOf(keys.store);
  const { secret } = await keys.issue({ kind: "person" });
  const before = await directory.find(secret);
  await keys.issue({ kind: "person", name: "grace" });
  expect(await directory.find(secret)).toBe(before);
});

test("[C4] last use is written behind the calls, at the latest at the end", async () => {
  const directory = new KeyDirectory(keys.store.keys, () => 4_242);
  const { secret, row } = await keys.issue({ kind: "person" });
  await directory.find(secret);
  expect((await keys.store.keys.byId(row.id))?.lastUsedAt).toBeUndefined();
  await directory.close();
  expect((await keys.store.keys.byId(row.id))?.lastUsedAt).toBe(4_242);
});

test("a key is found by the hash of the whole of it: what is near to one is as unknown as all else (SECURITY 9)", async () => {
  const directory = directoryOf(keys.store);
  const { secret } = await keys.issue({ kind: "person" });
  const changed = Array.from(
    secret,
    (letter, at) => `${secret.slice(0, at)}${letter === "A" ? "B" : "A"}${secret.slice(at + 1)}`,
  );
  for (const wrong of [...changed, secret.slice(0, -1), `${secret}A`, secret.toUpperCase(), ""]) {
    expect([wrong, await directory.find(wrong)]).toEqual([wrong, undefined]);
  }
  expect(await directory.find(secret)).toBeDefined();
});
