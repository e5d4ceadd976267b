import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modernMessage, sendModern } from "../../packages/callgate/src/transports/testing/modern-request.ts";
import { type RentalsUnderAttack, startRentals, structured } from "./rentals-under-attack.ts";

const DAY_MS = 86_400_000;

let later = 0;
let rentals: RentalsUnderAttack;
beforeAll(async () => {
  rentals = await startRentals({
    config: { limits: { rate: "100000/s", guesses: "100000/s" } },
    clock: () => Date.now() + later,
  });
});
afterAll(() => rentals.close());

const status = async (authorization: string): Promise<number> =>
  (await rentals.request("tools/list", {}, { headers: { authorization } })).status;

function token(header: object, claims: object, secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part(header)}.${part(claims)}`;
  return `${body}.${secret === "" ? "" : createHmac("sha256", secret).update(body).digest("base64url")}`;
}

test("tokens that the gate takes from nobody are refused, and never lowered to a stranger (SECURITY 4)", async () => {
  const claims = { sub: "desk", role: "frontdesk", scope: "*", iss: rentals.url, aud: rentals.url, exp: 4e9 };
  const tokens = [
    token({ alg: "none", typ: "JWT" }, claims, ""),
    token({ alg: "HS256", typ: "JWT" }, claims, "secret"),
    token({ alg: "HS256", kid: "../../keyring.json" }, claims, rentals.keys.operator),
    token({ alg: "HS256", kid: "unknown", jku: "http://localhost:1/keys" }, claims, ""),
  ];
  for (const each of tokens) expect(await status(`Bearer ${each}`)).toBe(401);
  expect(await status(`Bearer ${rentals.keys.frontdesk}`)).toBe(200);
});

test("keys that were changed, cut, mixed or dressed up are refused (SECURITY 4)", async () => {
  const { owner, frontdesk, operator } = rentals.keys;
  const [, , id] = owner.split("_");
  const forged = [
    owner.replace("cg_p_", "cg_o_"),
    owner.slice(0, -1),
    `${owner}A`,
    owner.toUpperCase(),
    owner.split("").toReversed().join(""),
    owner.replace(id ?? "", frontdesk.split("_")[2] ?? ""),
    `${operator.slice(0, 22)}${owner.slice(22)}`,
    `key_${id}`,
    "undefined",
    "*",
  ];
  for (const each of forged) expect([each, await status(`Bearer ${each}`)]).toEqual([each, 401]);
  expect(await status(`Bearer ${owner}`)).toBe(200);
});

test("a wrong credential discovers nothing, nor does a right one at the address of a domain that it does not see (SECURITY 4)", async () => {
  const discover = async (path: string, key?: string): Promise<number> => {
    const authorization = key === undefined ? undefined : `Bearer ${key}`;
    return (await sendModern(`${rentals.url}${path}`, modernMessage("server/discover"), { authorization })).status;
  };
  const { reader, owner } = rentals.keys;
  expect([await discover("", reader), await discover(""), await discover("/guests", reader)]).toEqual([200, 200, 200]);
  expect([await discover("", `${reader}A`), await discover("/guests", "*")]).toEqual([401, 401]);
  expect([await discover("/guests", owner), await discover("/nothing", owner)]).toEqual([404, 404]);
});

test("a key of another gate is nobody's here (SECURITY 4)", async () => {
  const stranger = await startRentals();
  expect(await status(`Bearer ${stranger.keys.operator}`)).toBe(401);
  await stranger.close();
});

test("a key is refused from the moment that it expires (SECURITY 4)", async () => {
  const grant = { kind: "person", name: "ann", user: "ann", role: "reader", expires_in_days: 1 };
  const made = await rentals.call(
    "create_key",
    { ...grant, idempotency_key: "a-key-for-a-day-1" },
    { key: rentals.keys.operator },
  );
  const secret = String(structured(made)?.["secret"]);
  later = DAY_MS - 60_000;
  expect(await status(`Bearer ${secret}`)).toBe(200);
  later = DAY_MS + 1_000;
  expect(await status(`Bearer ${secret}`)).toBe(401);
  later = 0;
});
