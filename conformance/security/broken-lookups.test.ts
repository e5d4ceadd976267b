import type { CallersConfig, FlagSource } from "callgate";
import config from "rentals/src/callgate.config.ts";
import { call, connectWithin } from "rentals/src/demo/connect.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, type RentalsUnderAttack, startRentals } from "./rentals-under-attack.ts";

/** What the team's books do when they are asked. */
const broken = {
  throws: () => {
    throw new Error("the books are closed");
  },
  rejects: () => Promise.reject(new Error("the books are closed")),
  hangs: () => new Promise(() => {}),
  "unknown role": () => "emperor",
  "inherited name": () => "constructor",
  "a list": () => ["frontdesk"],
  "an object": () => ({ toString: () => "frontdesk", modes: ["team"], scopes: ["*"] }),
  nothing: () => undefined,
  truth: () => true,
} as const satisfies Record<string, () => unknown>;
const ask = (how: string | undefined): never => (broken[how as keyof typeof broken] as () => never)();

/** Flags that are looked up as the caller's name says. */
const brokenFlags = {
  ...broken,
  "a text for true": () => ({ value: "true" }),
  "a number for true": () => ({ value: 1 }),
  "true, in error": () => ({ value: true, errorCode: "GENERAL" }),
} as const satisfies Record<string, () => unknown>;
const lookUp = (_flag: string, _otherwise: unknown, { user }: Readonly<Record<string, unknown>>): never =>
  (user === "works" ? { value: true } : (brokenFlags[user as keyof typeof brokenFlags] as () => unknown)()) as never;
const flags: FlagSource = {
  metadata: { name: "broken" },
  resolveBooleanEvaluation: lookUp,
  resolveStringEvaluation: lookUp,
  resolveNumberEvaluation: lookUp,
  resolveObjectEvaluation: lookUp,
};

let rentals: RentalsUnderAttack;
let smallest: readonly string[];

beforeAll(async () => {
  const callers: CallersConfig = {
    ...config.callers,
    roleOf: ({ user }) => ask(user),
    clients: { mode: "client", scopes: ["bookings:*"], accountOf: ({ how }) => ask(how) },
  };
  const domains = config.domains.map((domain) =>
    domain.name === "guests" ? { ...domain, options: { ...domain.options, rollout: "guests" } } : domain,
  );
  rentals = await startRentals({ config: { callers, domains, rollout: flags } });
  smallest = await rentals.tools();
});
afterAll(() => rentals.close());

/** The key of a person whose name says what happens where something is looked up for them. */
async function keyFor(how: string, grant: { readonly role?: string } = {}): Promise<string> {
  const operator = await connectWithin(rentals.gate);
  const { secret } = await call<{ secret: string }>(operator, "create_key", {
    kind: "person",
    name: how,
    user: how,
    idempotency_key: crypto.randomUUID(),
    ...grant,
  });
  await operator.close();
  return secret;
}

const ways = Object.keys(broken);
/** Any text is an account, if nobody's. */
const noAccount = ways.filter((how) => how !== "unknown role" && how !== "inherited name");

describe.concurrent("a lookup that breaks leaves the smallest set, and all else denied (SECURITY 3)", () => {
  test.each(ways)("of a role: %s", async (how) => {
    const key = await keyFor(how);
    expect(await rentals.tools({ key })).toEqual(smallest);
    expect(codeOf(await rentals.call("get_booking", { booking_id: "book_000001" }, { key }))).toBe("unknown_tool");
  });

  test.each(Object.keys(brokenFlags))("of a flag: %s", async (how) => {
    const key = await keyFor(how, { role: "frontdesk" });
    const seen = await rentals.tools({ key });
    expect(seen).toContain("find_bookings");
    expect(seen.filter((name) => name.includes("guest"))).toEqual([]);
    expect(codeOf(await rentals.call("get_guest", { guest_id: "guest_00042" }, { key }))).toBe("unknown_tool");
  });

  test("of no flag: one that works shows what it governs", async () => {
    const seen = await rentals.tools({ key: await keyFor("works", { role: "frontdesk" }) });
    expect(seen).toContain("get_guest");
  });

  test.each(noAccount)("of a client's account: %s", async (how) => {
    const sent = { key: rentals.keys.channel, meta: { "io.callgate/identity": { how } } };
    expect(await rentals.tools(sent)).toEqual(smallest);
    expect(codeOf(await rentals.call("get_booking", { booking_id: "book_000001" }, sent))).toBe("unknown_tool");
  });
});

test("the smallest set is what strangers have, and no more (SECURITY 3)", () => {
  expect(smallest.toSorted()).toEqual(["get_property", "quote_stay", "search_properties"]);
});
