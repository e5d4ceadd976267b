import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeys, type CallersConfig } from "../define/gate-config.ts";
import { RateLimit } from "../limits/rate-limit.ts";
import { type Callers, createCallers, type Identified } from "./identify.ts";
import { keptLog, metaWith, type OpenKeys, openKeys, presenting, seesDomain } from "./testing/open-keys.ts";

let keys: OpenKeys;

beforeAll(async () => {
  keys = await openKeys();
});

afterAll(() => keys.close());

const callersOf = (config: CallersConfig, clock = Date.now): Callers =>
  keys.callersOf({ authenticate: [apiKeys()], ...config }, { clock });

async function identify(callers: Callers, secret?: string, identity?: unknown): Promise<Identified> {
  const meta = metaWith(identity === undefined ? {} : { "io.callgate/identity": identity });
  return callers.identify(presenting(secret === undefined ? undefined : `Bearer ${secret}`), meta, undefined);
}

const rolesAndModes: CallersConfig = {
  roles: {
    desk: { scopes: ["bookings:*", "guests:read"], modes: ["desk"] },
    audit: { scopes: ["bookings:read", "audit:*"], domains: ["bookings"] },
  },
  clients: { mode: "client", scopes: ["bookings:read"], accountOf: ({ phone }) => phone && `acc-${phone}` },
  anonymous: { mode: "stranger", scopes: ["quotes:read"] },
};

test.each([
  ["person", { name: "ada", role: "desk" }, { id: "person:ada", user: "ada", role: "desk", modes: ["desk"] }],
  ["person", { name: "k", user: "ada@x.org", role: "desk" }, { id: "person:ada@x.org", user: "ada@x.org" }],
  ["person", { name: "ada", tenant: "acme", role: "desk" }, { id: "person:ada#acme", tenant: "acme" }],
  ["agent", { name: "bot", user: "ada", role: "desk" }, { id: "agent:bot@ada", user: "ada", modes: ["desk"] }],
  ["agent", { name: "bot@ada", user: "x", role: "desk" }, { id: "agent:bot%40ada@x" }],
  ["operator", { name: "ops", scopes: ["keys:*"] }, { id: "operator:ops", scopes: ["keys:*"], role: undefined }],
] as const)("[C1] the %s key %j gives %j", async (kind, grant, expected) => {
  const { secret, row } = await keys.issue({ kind, ...grant });
  const found = await identify(callersOf(rolesAndModes), secret);
  expect(found).toMatchObject({ kind: "subject", subject: { kind, caller: row.id, ...expected } });
});

test("[C2] a key narrows its role and never widens it", async () => {
  const grant = { role: "desk", scopes: ["bookings:read", "audit:read"], domains: ["bookings", "audit"] };
  const { secret } = await keys.issue({ kind: "person", ...grant });
  expect(await identify(callersOf(rolesAndModes), secret)).toMatchObject({
    subject: { scopes: ["bookings:read"], domains: ["bookings", "audit"] },
  });
});

test("without roles a key's own scopes count", async () => {
  const { secret } = await keys.issue({ kind: "agent", name: "bot", user: "ada", scopes: ["bookings:read"] });
  expect(await identify(callersOf({}), secret)).toMatchObject({
    subject: { kind: "agent", id: "agent:bot@ada", scopes: ["bookings:read"] },
  });
});

test("[C1] nothing presented is a stranger where the gate has a mode for strangers, else refused", async () => {
  expect(await identify(callersOf(rolesAndModes))).toMatchObject({
    subject: { kind: "anonymous", id: "anonymous", modes: ["stranger"], scopes: ["quotes:read"] },
  });
  expect(await identify(callersOf({}))).toMatchObject({
    kind: "refused",
    code: "credential_required",
    answer: { httpStatus: 401, httpHeaders: { "www-authenticate": expect.stringMatching(/^Bearer/) } },
  });
});

test("a wrong credential is refused and never lowered to a stranger; unknown, expired and revoked read the same, but in the audit", async () => {
  const callers = callersOf(rolesAndModes);
  const expired = await keys.issue({ kind: "person", role: "desk", expiresAt: Date.now() - 1 });
  const revoked = await keys.issue({ kind: "person", role: "desk" });
  expect(await identify(callers, revoked.secret)).toMatchObject({ kind: "subject" });
  await keys.store.keys.revoke(revoked.row.id, Date.now());
  const answers = [];
  for (const secret of ["cg_p_unknown", expired.secret, revoked.secret]) answers.push(await identify(callers, secret));
  expect(answers[0]).toMatchObject({ kind: "refused", code: "credential_invalid", answer: { httpStatus: 401 } });
  expect(answers[1]).toEqual({ ...answers[0], code: "credential_ended" });
  expect(answers[2]).toEqual(answers[1]);
});

test("[C4] a key that expires is refused from that moment on", async () => {
  let now = 1_000_000;
  const callers = callersOf(rolesAndModes, () => now);
  const { secret } = await keys.issue({ kind: "person", role: "desk", expiresAt: now + 10 }, now);
  expect(await identify(callers, secret)).toMatchObject({ kind: "subject" });
  now += 10;
  expect(await identify(callers, secret)).toMatchObject({ kind: "refused", code: "credential_ended" });
});

test("nothing that a client says of itself changes who it is (SECURITY 7)", async () => {
  const callers = callersOf(rolesAndModes);
  const { secret } = await keys.issue({ kind: "person", role: "audit" });
  const plain = await identify(callers, secret);
  const headers = { "x-user": "root", "x-forwarded-user": "root", "x-forwarded-for": "10.0.0.1", "x-role": "desk" };
  const forged = metaWith({
    "io.callgate/identity": { phone: "1" },
    _identity: { role: "desk" },
    baggage: "role=desk",
  });
  const found = await callers.identify(presenting(`Bearer ${secret}`, { headers }), forged, undefined);
  expect(found).toEqual(plain);
  const stranger = await callers.identify(presenting(undefined, { headers }), forged, undefined);
  expect(stranger).toMatchObject({ subject: { kind: "anonymous", modes: ["stranger"] } });
});

test("[C1] a channel speaks for known clients; whom nobody can place is a stranger", async () => {
  const callers = callersOf(rolesAndModes);
  const { secret, row } = await keys.issue({ kind: "channel", name: "chat", scopes: ["identity:assert"] });
  expect(await identify(callers, secret, { phone: "7" })).toMatchObject({
    subject: { kind: "client", id: "client:acc-7", account: "acc-7", caller: row.id, modes: ["client"] },
  });
  const strangers = [undefined, {}, { phone: "" }, { phone: 7 }, ["7"], "7", { phone: "7".repeat(5_000) }];
  for (const identity of strangers) {
    expect(await identify(callers, secret, identity)).toMatchObject({
      subject: { kind: "anonymous", account: undefined, caller: row.id, modes: ["stranger"] },
    });
  }
});

test("a channel without identity:assert may not say whom it speaks for", async () => {
  const { secret } = await keys.issue({ kind: "channel", scopes: ["bookings:*"] });
  expect(await identify(callersOf(rolesAndModes), secret, { phone: "7" })).toMatchObject({
    kind: "refused",
    code: "identity_refused",
    answer: { httpStatus: 403 },
  });
});

test("a channel's stranger sees nothing where the gate has no mode for strangers", async () => {
  const { secret } = await keys.issue({ kind: "channel", scopes: ["identity:assert"] });
  expect(await identify(callersOf({}), secret, { phone: "7" })).toMatchObject({
    subject: { kind: "anonymous", modes: [], scopes: [], domains: [] },
  });
});

test("[C8] domain credentials come along with the caller", async () => {
  const { secret } = await keys.issue({ kind: "person", role: "desk" });
  expect(await identify(callersOf(rolesAndModes), `${secret}::bookings=x`)).toMatchObject({
    kind: "subject",
    domainCredentials: new Map([["bookings", "x"]]),
  });
  for (const riding of ["x", "bokings=x"]) {
    expect(await identify(callersOf(rolesAndModes), `${secret}::${riding}`)).toMatchObject({
      kind: "refused",
      code: "domain_credential_unclear",
    });
    // Which domains there are is not for guessers to learn.
    expect(await identify(callersOf(rolesAndModes), `wrong::${riding}`)).toMatchObject({ code: "credential_invalid" });
  }
});

test("a local caller without a key is whom the config names; with a key, the key decides", async () => {
  const callers = callersOf({ ...rolesAndModes, local: { kind: "person", user: "me", role: "desk" } });
  const local = (authorization?: string) =>
    callers.identify(presenting(authorization, { local: true }), metaWith(), undefined);
  expect(await local()).toMatchObject({ subject: { id: "person:me", modes: ["desk"] } });
  expect(await local("Bearer wrong")).toMatchObject({ kind: "refused", code: "credential_invalid" });
  const elsewhere = callersOf(rolesAndModes).identify(presenting(undefined, { local: true }), metaWith(), undefined);
  expect(await elsewhere).toMatchObject({ subject: { kind: "anonymous" } });
});

test("a known key answers at once, with one and the same subject", async () => {
  const callers = callersOf(rolesAndModes);
  const { secret } = await keys.issue({ kind: "person", role: "desk" });
  const first = await identify(callers, secret);
  const again = callers.identify(presenting(`Bearer ${secret}`), metaWith(), undefined);
  expect(again).not.toBeInstanceOf(Promise);
  expect((again as typeof first & { kind: "subject" }).subject).toBe(
    (first as typeof first & { kind: "subject" }).subject,
  );
});

test("a store that does not answer is said so: the credential is not called wrong", async () => {
  const away = await openKeys();
  const log = keptLog();
  const callers = createCallers({
    config: { authenticate: [apiKeys()] },
    guesses: new RateLimit("30/min", Date.now),
    keys: away.store.keys,
    clock: Date.now,
    log,
    seesDomain,
  });
  const { secret } = await away.issue({ kind: "operator", scopes: ["*"] });
  await away.close();
  expect(await identify(callers, secret)).toMatchObject({
    kind: "refused",
    code: "credential_unchecked",
    answer: { httpStatus: 503 },
  });
  expect(log.lines).toEqual([["the store does not say which keys there are", { error: expect.stringMatching(/\w/) }]]);
  await callers.close();
});
