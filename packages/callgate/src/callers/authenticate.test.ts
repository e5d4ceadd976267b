import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuthenticateFunction, apiKeys, type CallersConfig } from "../define/gate-config.ts";
import { RateLimit } from "../limits/rate-limit.ts";
import type { Callers, CallersOptions, Identified } from "./identify.ts";
import { metaWith, type OpenKeys, openKeys, presenting } from "./testing/open-keys.ts";

let keys: OpenKeys;

beforeAll(async () => {
  keys = await openKeys();
});

afterAll(() => keys.close());

const callersOf = (config: CallersConfig, options: Partial<CallersOptions> = {}): Callers =>
  keys.callersOf(config, { guesses: new RateLimit("5/min", options.clock ?? Date.now), ...options });

async function identify(callers: Callers, authorization?: string, cookie?: string): Promise<Identified> {
  const headers = cookie === undefined ? {} : { cookie };
  return callers.identify(presenting(authorization, { headers }), metaWith(), "bookings");
}

function codeOf(found: Identified): string {
  return found.kind === "refused" ? found.code : "in";
}

const anonymous = { mode: "stranger" } as const;
const session: AuthenticateFunction = (presented) =>
  (presented.bearer ?? presented.cookie("session")) === "good"
    ? { kind: "person", user: "ada", scopes: ["bookings:*"] }
    : undefined;

test("[C9] the team's own function is asked, for bearer credentials and for cookies", async () => {
  const callers = callersOf({ authenticate: [apiKeys(), session], anonymous });
  const ada = { kind: "subject", subject: { kind: "person", id: "person:ada", scopes: ["bookings:*"] } };
  expect(await identify(callers, "Bearer good")).toMatchObject(ada);
  expect(await identify(callers, undefined, "theme=dark; session=good")).toMatchObject(ada);
  expect(await identify(callers, undefined, "session=over")).toMatchObject({ subject: { kind: "anonymous" } });
  expect(await identify(callers, "Bearer bad")).toMatchObject({ kind: "refused", code: "credential_invalid" });
  expect(await identify(callers, "Basic YTpi")).toMatchObject({ kind: "refused", code: "credential_invalid" });
});

test("functions are asked in their order, and see neither the gate's own keys nor what rides along for a domain", async () => {
  const seen: unknown[] = [];
  const watch: AuthenticateFunction = (presented) => {
    seen.push([presented.bearer, presented.header("Authorization"), presented.header("x-api-key")]);
    return undefined;
  };
  const callers = callersOf({ authenticate: [watch, session, apiKeys()] });
  const { secret } = await keys.issue({ kind: "operator", scopes: ["*"] });
  expect(await identify(callers, `Bearer ${secret}`)).toMatchObject({ subject: { kind: "operator" } });
  expect(seen).toEqual([]);
  expect(await identify(callers, "Bearer good::downstream")).toMatchObject({
    subject: { user: "ada" },
    domainCredentials: new Map([["bookings", "downstream"]]),
  });
  await callers.identify(presenting(undefined, { headers: { "x-api-key": "k::downstream" } }), metaWith(), "bookings");
  expect(seen).toEqual([
    ["good", "Bearer good", undefined],
    [undefined, undefined, "k"],
  ]);
});

test("a revoked key is refused, whatever a function would say of it", async () => {
  const generous: AuthenticateFunction = () => ({ kind: "person", user: "mallory" });
  const { secret, row } = await keys.issue({ kind: "person" });
  await keys.store.keys.revoke(row.id, Date.now());
  expect(await identify(callersOf({ authenticate: [generous, apiKeys()] }), `Bearer ${secret}`)).toMatchObject({
    kind: "refused",
  });
});

describe.concurrent("a function that breaks refuses the call, and nobody else is asked (SECURITY 3)", () => {
  const broken: Record<string, unknown> = {
    throws: () => {
      throw new Error("books are closed");
    },
    rejects: () => Promise.reject(new Error("books are closed")),
    hangs: () => new Promise(() => {}),
    null: () => null,
    true: () => true,
    "a text": () => "ada",
    "no user": () => ({ kind: "person" }),
    "an operator": () => ({ kind: "operator", user: "ada" }),
    "a client": () => ({ kind: "client", user: "ada" }),
    "scopes as a text": () => ({ kind: "person", user: "ada", scopes: "*" }),
    "domains as a text": () => ({ kind: "person", user: "ada", domains: "bookings" }),
    "role as a list": () => ({ kind: "person", user: "ada", role: ["desk"] }),
    "attributes of numbers": () => ({ kind: "person", user: "ada", attributes: { floor: 3 } }),
  };
  const unchecked = {
    kind: "refused",
    code: "credential_unchecked",
    answer: { httpStatus: 503, httpHeaders: { "retry-after": "5" }, data: { code: "credential_unchecked" } },
  };
  test.each(Object.entries(broken))("%s", async (_name, authenticate) => {
    const callers = callersOf(
      { authenticate: [authenticate as AuthenticateFunction, session], anonymous },
      { askMs: 30 },
    );
    expect(await identify(callers, "Bearer good")).toMatchObject(unchecked);
    expect(await identify(callers, undefined, "session=good")).toMatchObject(unchecked);
  });
});

test("a function that hangs is told to stop", async () => {
  const { promise: told, resolve } = Promise.withResolvers<boolean>();
  const hang: AuthenticateFunction = (_, signal) =>
    new Promise(() => signal.addEventListener("abort", () => resolve(signal.aborted)));
  await identify(callersOf({ authenticate: [hang] }, { askMs: 30 }), "Bearer x");
  expect(await told).toBe(true);
});

test("too many wrong credentials from an address, and functions are not asked for it any more (SECURITY 9)", async () => {
  let now = 0;
  let asked = 0;
  const count: AuthenticateFunction = (presented, signal) => {
    asked += 1;
    return session(presented, signal);
  };
  const callers = callersOf({ authenticate: [apiKeys(), count] }, { clock: () => now });
  const { secret } = await keys.issue({ kind: "operator", scopes: ["*"] }, now);
  for (let guess = 0; guess < 5; guess += 1) {
    expect(await identify(callers, "Bearer bad")).toMatchObject({ code: "credential_invalid" });
  }
  expect(await identify(callers, "Bearer bad")).toMatchObject({
    code: "too_many_guesses",
    answer: { httpStatus: 429, httpHeaders: { "retry-after": "12" } },
  });
  expect(await identify(callers, "Bearer good")).toMatchObject({ code: "too_many_guesses" });
  expect(asked).toBe(5);
  // A key of 256 random bits cannot be guessed: its holder is not locked out by a neighbour.
  expect(await identify(callers, `Bearer ${secret}`)).toMatchObject({ kind: "subject" });
  const neighbour = presenting("Bearer good", { remoteAddress: "192.0.2.2" });
  expect(await callers.identify(neighbour, metaWith(), undefined)).toMatchObject({ kind: "subject" });
  now += 12_000;
  expect(await identify(callers, "Bearer good")).toMatchObject({ kind: "subject" });
});

test("a function that throws for what is wrong can be guessed against no more often than one that does not", async () => {
  const strict: AuthenticateFunction = () => {
    throw new Error("no such token");
  };
  const callers = callersOf({ authenticate: [strict] }, { clock: () => 0 });
  const codes = [];
  for (let guess = 0; guess < 6; guess += 1) codes.push(codeOf(await identify(callers, "Bearer bad")));
  expect(codes).toEqual([...Array(5).fill("credential_unchecked"), "too_many_guesses"]);
});

test("guesses sent all at once are limited as those sent one after another", async () => {
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const slow: AuthenticateFunction = async (presented, signal) => {
    await open;
    return session(presented, signal);
  };
  const callers = callersOf({ authenticate: [slow] });
  const sent = Array.from({ length: 20 }, (_, each) => identify(callers, each === 19 ? "Bearer good" : "Bearer bad"));
  resolve();
  const codes = (await Promise.all(sent)).map(codeOf);
  expect(codes.slice(0, 5)).toEqual(Array(5).fill("credential_invalid"));
  expect(codes.slice(5)).toEqual(Array(15).fill("too_many_guesses"));
});
