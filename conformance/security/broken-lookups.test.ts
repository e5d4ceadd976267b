import type { CallersConfig } from "callgate";
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

let rentals: RentalsUnderAttack;
let smallest: readonly string[];

beforeAll(async () => {
  const callers: CallersConfig = {
    ...config.callers,
    roleOf: ({ user }) => ask(user),
    clients: { mode: "client", scopes: ["bookings:*"], accountOf: ({ how }) => ask(how) },
  };
  rentals = await startRentals({ config: { callers } });
  smallest = await rentals.tools();
});
afterAll(() => rentals.close());

const ways = Object.keys(broken);
/** Any text is an account, if nobody's. */
const noAccount = ways.filter((how) => how !== "unknown role" && how !== "inherited name");

describe.concurrent("a lookup that breaks leaves the smallest set, and all else denied (SECURITY 3)", () => {
  test.each(ways)("of a role: %s", async (how) => {
    const operator = await connectWithin(rentals.gate);
    const { secret } = await call<{ secret: string }>(operator, "create_key", {
      kind: "person",
      name: how,
      user: how,
      idempotency_key: crypto.randomUUID(),
    });
    await operator.close();
    expect(await rentals.tools({ key: secret })).toEqual(smallest);
    expect(codeOf(await rentals.call("get_booking", { booking_id: "book_000001" }, { key: secret }))).toBe(
      "unknown_tool",
    );
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
