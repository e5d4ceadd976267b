import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Attempt, asker, shareSlower } from "./compare-times.ts";
import { type RentalsUnderAttack, startRentals } from "./rentals-under-attack.ts";

/** With so many pairs, chance alone moves the share by 0.009 (one sigma): the bounds are eleven of those away. */
const PAIRS = 2_000;

let rentals: RentalsUnderAttack;
beforeAll(async () => {
  rentals = await startRentals({ config: { limits: { rate: "1000000/s", guesses: "1000000/s" } } });
});
afterAll(() => rentals.close());

/** How far a share may be from a half. */
const ALIKE = 0.1;

describe.each(["reader", "owner", "channel"] as const)("the %s", (kind) => {
  /** A call of one after another of these names. */
  function calling(names: readonly string[]): Attempt {
    const ask = asker(rentals.gate, rentals.keys[kind]);
    let next = 0;
    return () => ask("tools/call", { name: names[next++ % names.length], arguments: { a: 1 } });
  }

  test("cannot tell a hidden tool from one that does not exist by how long its answer takes (SECURITY 1)", async () => {
    const seen = await rentals.tools({ key: rentals.keys[kind] });
    const all = await rentals.tools({ key: rentals.keys.operator });
    const hidden = [...all, "cancel_booking", "update_guest_contact"].filter((name) => !seen.includes(name));
    const absent = hidden.map((name) => `${name.slice(0, -1)}${name.endsWith("q") ? "w" : "q"}`);
    expect(hidden.length).toBeGreaterThan(5);
    const share = await shareSlower(calling(hidden), calling(absent), PAIRS);
    expect(Math.abs(share - 0.5)).toBeLessThan(ALIKE);
  });

  test("could tell one that is there: the comparison sees what there is to see", async () => {
    expect(await shareSlower(calling(["get_property"]), calling(["get_propertq"]), 200)).toBeGreaterThan(0.9);
  });
});

describe("a key that is not right", () => {
  const listing = (key: string): Attempt => {
    const ask = asker(rentals.gate, key);
    return () => ask("tools/list", {});
  };
  const unknown = (): string => `cg_p_${randomBytes(8).toString("hex")}_${randomBytes(32).toString("base64url")}`;
  const changed = (key: string, at: number): string =>
    `${key.slice(0, at)}${key[at] === "A" ? "B" : "A"}${key.slice(at + 1)}`;

  test.each([
    ["right but for its last letter", () => changed(rentals.keys.owner, rentals.keys.owner.length - 1)],
    ["right in nothing but its beginning", () => changed(rentals.keys.owner, 24)],
  ])("is refused as fast as one that nobody ever had, where it is %s (SECURITY 9)", async (_what, near) => {
    const share = await shareSlower(listing(near()), listing(unknown()), PAIRS);
    expect(Math.abs(share - 0.5)).toBeLessThan(ALIKE);
  });

  test("takes another time than a right one: the comparison sees what there is to see", async () => {
    expect(await shareSlower(listing(rentals.keys.owner), listing(unknown()), 200)).toBeGreaterThan(0.9);
  });
});
