import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, type RentalsUnderAttack, type Sent, startRentals, structured } from "./rentals-under-attack.ts";

let rentals: RentalsUnderAttack;
beforeAll(async () => {
  rentals = await startRentals({ config: { limits: { rate: "100000/s", guesses: "20/h" } } });
});
afterAll(() => rentals.close());

const forged: Readonly<Record<string, Sent>> = {
  "clientInfo of an operator": {
    meta: {
      "io.modelcontextprotocol/clientInfo": { name: "operator", version: "1", role: "frontdesk", scopes: ["*"] },
    },
  },
  "an identity": { meta: { "io.callgate/identity": { phone: "+4930", user: "desk", role: "frontdesk" } } },
  "members of _meta": { meta: { _identity: "desk", subject: { role: "frontdesk" }, scopes: ["*"], user: "desk" } },
  "headers of a proxy": {
    headers: {
      "x-user": "desk",
      "x-role": "frontdesk",
      "x-forwarded-user": "desk",
      "x-forwarded-for": "127.0.0.1",
      "x-remote-user": "desk",
      forwarded: "for=127.0.0.1;by=operator",
    },
  },
  baggage: { headers: { baggage: "user=desk,role=frontdesk", tracestate: "callgate=operator" } },
};

test.each(Object.entries(forged))("%s gives no right (SECURITY 7)", async (_what, sent) => {
  for (const key of [rentals.keys.owner, undefined]) {
    const plain = await rentals.tools({ key });
    expect(await rentals.tools({ ...sent, key })).toEqual(plain);
    const hidden = { guest_id: "guest_00042", _identity: "desk" };
    expect(codeOf(await rentals.call("get_guest", hidden, { ...sent, key }))).toBe("unknown_tool");
  }
});

test("[C4] a revoked key is refused at once, and so is one rotated out (SECURITY 7)", async () => {
  const operator = { key: rentals.keys.operator };
  const once = (): string => crypto.randomUUID();
  const made = async (tool: string, args: object): Promise<{ secret: string; key: { id: string } }> =>
    structured(await rentals.call(tool, { ...args, idempotency_key: once() }, operator)) as never;
  const status = async (key: string): Promise<number> => (await rentals.request("tools/list", {}, { key })).status;

  const first = await made("create_key", { kind: "person", name: "ann", user: "ann", role: "reader" });
  expect(await status(first.secret)).toBe(200);
  const next = await made("rotate_key", { key_id: first.key.id, overlap_hours: 0 });
  expect([await status(first.secret), await status(next.secret)]).toEqual([401, 200]);
  const revoked = await rentals.call("revoke_key", { key_id: next.key.id, idempotency_key: once() }, operator);
  expect(structured(revoked)).toBeDefined();
  expect(await status(next.secret)).toBe(401);
});

test("guesses are limited by address, whatever a header says of it, and those with a key go on (SECURITY 9)", async () => {
  const answers: number[] = [];
  for (let each = 0; each < 40; each += 1) {
    const key = `${rentals.keys.owner.slice(0, -4)}${String(each).padStart(4, "0")}`;
    const headers = { "x-forwarded-for": `198.51.100.${each}`, "x-real-ip": `198.51.100.${each}` };
    answers.push((await rentals.request("tools/list", {}, { key, headers })).status);
  }
  // Keys of the test before, which no longer counted, were guesses too.
  expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
  expect(new Set(answers)).toEqual(new Set([401, 429]));
  const tired = await rentals.request("tools/list", {}, { key: "guess" });
  expect([tired.status, codeOf(tired), Number(tired.headers["retry-after"]) > 0]).toEqual([
    429,
    "too_many_guesses",
    true,
  ]);
  expect((await rentals.request("tools/list", {}, { key: rentals.keys.frontdesk })).status).toBe(200);
});
