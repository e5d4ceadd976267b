import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Store } from "../store/port.ts";
import { hashKey, issueKey, succeedKey } from "./api-key.ts";
import { type OpenKeys, openKeys } from "./fixtures/open-keys.ts";
import { KeyDirectory } from "./key-directory.ts";

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
  await vi.waitFor(async () => expect(await there.find(secret)).toBe("ended"), { interval: 2, timeout: 1_000 });
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

test("right and wrong keys take as long (SECURITY 9)", async () => {
  const directory = directoryOf(keys.store);
  const { secret } = await keys.issue({ kind: "person" });
  const nearly = `${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`;
  const unlike = issueKey({ kind: "person", name: "x", scopes: [] }, 0).secret;
  await directory.find(secret);
  const time = (text: string): number => {
    const start = process.hrtime.bigint();
    for (let each = 0; each < 2_000; each += 1) void directory.find(text);
    return Number(process.hrtime.bigint() - start) / 2_000;
  };
  const rounds = Array.from({ length: 60 }, () => [secret, nearly, unlike].map(time) as [number, number, number]);
  const best = (column: 0 | 1 | 2): number => Math.min(...rounds.map((round) => round[column]));
  // Whether a key is near to a right one shows nowhere: both of them are hashed whole and looked up by the hash.
  expect(Math.abs(best(1) - best(2))).toBeLessThan(0.25 * best(2));
  // A right one also notes its use, which is far below what a network lets anybody measure.
  expect(best(0) - best(1)).toBeLessThan(1_000);
});
