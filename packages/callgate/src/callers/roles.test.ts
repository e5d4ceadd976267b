import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeys, type CallersConfig } from "../define/gate-config.ts";
import type { Subject } from "../define/subject.ts";
import type { Callers, CallersOptions } from "./identify.ts";
import { metaWith, type OpenKeys, openKeys, presenting } from "./testing/open-keys.ts";

let keys: OpenKeys;

beforeAll(async () => {
  keys = await openKeys();
});

afterAll(() => keys.close());

const roles = {
  desk: { scopes: ["bookings:*"], modes: ["desk", "night"] },
  owner: { scopes: ["bookings:read", "reports:*"], modes: ["night"], domains: ["bookings"] },
} as const;
type RoleOf = NonNullable<CallersConfig["roleOf"]>;

const callersOf = (config: CallersConfig, options?: Partial<CallersOptions>): Callers =>
  keys.callersOf({ authenticate: [apiKeys()], roles, ...config }, options);

async function subjectOf(callers: Callers, secret: string): Promise<Subject> {
  const found = await callers.identify(presenting(`Bearer ${secret}`), metaWith(), undefined);
  if (found.kind === "refused") throw new Error(found.code);
  return found.subject;
}

test("[C9] the role comes from the team's books where the key names none", async () => {
  const asked: unknown[] = [];
  const callers = callersOf({
    roleOf: (who) => {
      asked.push(who);
      return "desk";
    },
  });
  const { secret } = await keys.issue({ kind: "person", user: "ada", tenant: "acme" });
  expect(await subjectOf(callers, secret)).toMatchObject({
    role: "desk",
    scopes: ["bookings:*"],
    modes: ["desk", "night"],
  });
  expect(asked).toEqual([{ user: "ada", tenant: "acme", kind: "person" }]);
  const named = await keys.issue({ kind: "person", role: "owner" });
  expect(await subjectOf(callers, named.secret)).toMatchObject({ role: "owner" });
  expect(asked).toHaveLength(1);
});

test("an agent is never wider than its person, even with a wider role of its own", async () => {
  const callers = callersOf({ roleOf: ({ user }) => (user === "ada" ? "owner" : undefined) });
  const bound = await keys.issue({ kind: "agent", name: "bot", user: "ada", role: "desk" });
  expect(await subjectOf(callers, bound.secret)).toMatchObject({
    kind: "agent",
    role: "desk",
    scopes: ["bookings:read"],
    modes: ["night"],
    domains: ["bookings"],
  });
  const unbound = await keys.issue({ kind: "agent", name: "bot", user: "gone", role: "desk" });
  expect(await subjectOf(callers, unbound.secret)).toMatchObject({ kind: "anonymous", scopes: [], domains: [] });
  const nobodys = await keys.issue({ kind: "agent", name: "bot", role: "desk" });
  expect(await subjectOf(callers, nobodys.secret)).toMatchObject({ kind: "anonymous", scopes: [], domains: [] });
});

describe.concurrent("[C3] a role that cannot be resolved gives the smallest set (SECURITY 3)", () => {
  const broken: Record<string, unknown> = {
    throws: () => {
      throw new Error("books are closed");
    },
    rejects: () => Promise.reject(new Error("books are closed")),
    hangs: () => new Promise(() => {}),
    "unknown role": () => "emperor",
    "a name every object has": () => "constructor",
    prototype: () => "__proto__",
    nothing: () => undefined,
    "a number": () => 1,
    "a list": () => ["desk"],
    "a role itself": () => roles.desk,
  };
  test.each(Object.entries(broken))("%s", async (_name, roleOf) => {
    const { secret, row } = await keys.issue({ kind: "person", user: "ada", scopes: ["*"], domains: ["bookings"] });
    const smallest = { id: "person:ada", caller: row.id, role: undefined };
    const closed = callersOf({ roleOf: roleOf as RoleOf }, { askMs: 30 });
    expect(await subjectOf(closed, secret)).toMatchObject({ ...smallest, modes: [], scopes: [], domains: [] });
    const open = callersOf(
      { roleOf: roleOf as RoleOf, anonymous: { mode: "stranger", scopes: ["quotes:read"] } },
      { askMs: 30 },
    );
    expect(await subjectOf(open, secret)).toMatchObject({
      ...smallest,
      kind: "anonymous",
      modes: ["stranger"],
      scopes: ["quotes:read"],
      domains: ["bookings"],
    });
  });
});

test.each(["emperor", "constructor", "__proto__"])(
  "a key that names the role %s has the smallest set",
  async (role) => {
    const { secret } = await keys.issue({ kind: "person", role, scopes: ["*"] });
    expect(await subjectOf(callersOf({}), secret)).toMatchObject({ kind: "anonymous", scopes: [] });
    const noRoles = keys.callersOf({ authenticate: [apiKeys()] });
    expect(await subjectOf(noRoles, secret)).toMatchObject({ kind: "anonymous", scopes: [] });
  },
);

test("books are asked once in ten seconds for all calls of a person; a failure is never covered by an older answer", async () => {
  let now = 0;
  let asked = 0;
  let answer: () => string = () => "desk";
  const callers = callersOf(
    {
      roleOf: async () => {
        asked += 1;
        return answer();
      },
    },
    { clock: () => now },
  );
  const { secret } = await keys.issue({ kind: "person", user: "ada" }, now);
  await Promise.all(Array.from({ length: 20 }, () => subjectOf(callers, secret)));
  expect(asked).toBe(1);
  now = 9_999;
  expect((await subjectOf(callers, secret)).role).toBe("desk");
  expect(asked).toBe(1);
  now = 10_000;
  answer = () => {
    throw new Error("books are closed");
  };
  expect(await subjectOf(callers, secret)).toMatchObject({ role: undefined, scopes: [] });
  answer = () => "owner";
  expect((await subjectOf(callers, secret)).role).toBeUndefined();
  now = 11_000;
  expect((await subjectOf(callers, secret)).role).toBe("owner");
  expect(asked).toBe(3);
});
