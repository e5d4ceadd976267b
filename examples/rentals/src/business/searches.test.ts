import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Booking } from "./bookings.ts";
import { type Business, openBusiness } from "./open-business.ts";
import type { Page } from "./pages.ts";
import { describeOnBothEngines, newFile, openTemporaryBusiness, type TemporaryBusiness } from "./temporary-business.ts";

async function collect<Item>(read: (after: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

describeOnBothEngines((engine) => {
  let business: TemporaryBusiness;
  let reader: Business;
  beforeAll(async () => {
    business = await openTemporaryBusiness(engine);
    reader = business.reader;
  });
  afterAll(() => business[Symbol.asyncDispose]());

  const found = async (search: Parameters<Business["findBookings"]>[0]): Promise<readonly Booking[]> =>
    (await reader.findBookings(search)).items;

  const ownersOf = async (of: readonly { readonly property_id: string }[]): Promise<ReadonlyMap<string, string>> => {
    const ids = [...new Set(of.map(({ property_id }) => property_id))];
    return new Map(await Promise.all(ids.map(async (id) => [id, (await reader.ownerOf(id)) ?? ""] as const)));
  };

  test("pages of bookings add up to the whole, in order and without doubles", async () => {
    const range = { start: "2027-01-01", end: "2027-02-01" };
    const whole = await found({ ...range, limit: 10_000 });
    const paged = await collect((after) => reader.findBookings({ ...range, limit: 7, after }));
    expect(whole.length).toBeGreaterThan(50);
    expect(paged).toEqual(whole);
    expect(new Set(paged.map((booking) => booking.booking_id)).size).toBe(whole.length);
    expect(whole.every((booking) => booking.start < range.end && booking.end > range.start)).toBe(true);
  });

  test("bookings are narrowed by property, guest, owner and status", async () => {
    const range = { start: "2025-01-01", end: "2027-12-31", limit: 10_000 };
    const whole = await found(range);
    const sample = whole[1234];
    if (sample === undefined) throw new Error("the data set has too few bookings");
    const { property_id, guest_id } = sample;
    const owners = await ownersOf(whole);
    const owner_id = owners.get(property_id);
    const narrowed = (fits: (booking: Booking) => boolean): readonly Booking[] => whole.filter(fits);
    expect(await found({ ...range, property_id })).toEqual(narrowed((booking) => booking.property_id === property_id));
    expect(await found({ ...range, guest_id })).toEqual(narrowed((booking) => booking.guest_id === guest_id));
    expect(await found({ ...range, owner_id })).toEqual(
      narrowed((booking) => owners.get(booking.property_id) === owner_id),
    );
    expect(await found({ ...range, property_id, status: "cancelled" })).toEqual(
      narrowed((booking) => booking.property_id === property_id && booking.status === "cancelled"),
    );
  });

  test.for(["nonsense", "nonsense~book_000001", "~"])(
    "a cursor that was not given out is refused: %s",
    async (after) => {
      const search = { start: "2027-01-01", end: "2027-02-01", limit: 5, after };
      await expect(reader.findBookings(search)).rejects.toMatchObject({ code: "invalid_cursor" });
    },
  );

  test("properties found for a stay are free, large enough, equipped and not too dear, at the quoted price", async () => {
    const stay = { guests: 3, start: "2027-06-10", end: "2027-06-20" };
    const search = { ...stay, city: "lisbon", max_nightly_price: 30_000, amenities: ["wifi"] };
    const free = await collect((after) => reader.searchProperties({ ...search, limit: 2, after }));
    expect(free.length).toBeGreaterThan(2);
    const isFitting = async (property_id: string): Promise<boolean> => {
      const { available, breakdown } = await reader.quoteStay({ ...stay, property_id });
      const isCheap = breakdown.every((part) => part.nightly_price <= 30_000);
      return available && isCheap && (await reader.amenitiesOf(property_id)).includes("wifi");
    };
    for (const { property_id, capacity, stay_total } of free) {
      expect(await reader.quoteStay({ ...stay, property_id })).toMatchObject({ total: stay_total });
      expect(await isFitting(property_id)).toBe(true);
      expect(capacity).toBeGreaterThanOrEqual(3);
    }
    const inLisbon = (await reader.searchProperties({ city: "Lisbon", limit: 200 })).items;
    const others = inLisbon.filter(({ property_id }) => !free.some((other) => other.property_id === property_id));
    const large = others.filter(({ capacity }) => capacity >= 3);
    expect(large.length).toBeGreaterThan(2);
    for (const { property_id } of large) expect(await isFitting(property_id)).toBe(false);
  });

  test("properties are found by their owner", async () => {
    const owned = (await reader.searchProperties({ owner_id: "owner_001", limit: 200 })).items;
    const all = (await reader.searchProperties({ limit: 200 })).items;
    const owners = await ownersOf(all);
    expect(owned.length).toBeGreaterThan(0);
    expect(owned).toEqual(all.filter(({ property_id }) => owners.get(property_id) === "owner_001"));
  });

  test("a quote prices each night by its season", async () => {
    const stay = { property_id: "prop_0008", start: "2027-06-10", end: "2027-06-20", guests: 1 };
    const quote = await reader.quoteStay(stay);
    expect(quote.breakdown.map((part) => [part.season, part.nights])).toEqual([
      ["standard", 5],
      ["summer", 5],
    ]);
    expect(quote.total).toBe(quote.breakdown.reduce((sum, part) => sum + part.amount, quote.cleaning_fee));
    expect(quote.nights).toBe(10);
  });

  test("guests are found by words of name, mail and phone, in any case, and % is no wildcard", async () => {
    const guest = await reader.getGuest("guest_00042");
    const search = async (text: string): Promise<readonly object[]> =>
      (await reader.searchGuests({ text, limit: 5 })).items;
    expect(await reader.guestByPhone(guest.phone)).toEqual(guest);
    expect(await search(guest.email.toUpperCase())).toEqual([guest]);
    const [given = "", family = ""] = guest.name.split(" ");
    const text = `${family} ${given}`;
    const namesakes = await collect((after) => reader.searchGuests({ text, limit: 3, after }));
    expect(namesakes).toContainEqual(guest);
    expect(await search("%")).toEqual([]);
    expect(await reader.guestsById(["guest_00042", "guest_99999"])).toEqual([guest]);
    expect(await reader.guestsById([])).toEqual([]);
  });
});

test("reading makes no database where there is none", async () => {
  const at = await newFile();
  await expect(openBusiness({ at, access: "read" })).rejects.toThrow("unable to open database file");
  expect("path" in at && existsSync(at.path)).toBe(false);
});
