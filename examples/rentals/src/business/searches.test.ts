import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { openBusiness } from "./open-business.ts";
import type { Page } from "./pages.ts";
import { freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

const business = openTemporaryBusiness();
const { reader } = business;
afterAll(() => business[Symbol.dispose]());

function collect<Item>(read: (after: string | undefined) => Page<Item>): Item[] {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = read(after);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

test("pages of bookings add up to the whole, in order and without doubles", () => {
  const range = { start: "2027-01-01", end: "2027-02-01" };
  const whole = reader.findBookings({ ...range, limit: 10_000 }).items;
  const paged = collect((after) => reader.findBookings({ ...range, limit: 7, after }));
  expect(whole.length).toBeGreaterThan(50);
  expect(paged).toEqual(whole);
  expect(new Set(paged.map((booking) => booking.booking_id)).size).toBe(whole.length);
  expect(whole.every((booking) => booking.start < range.end && booking.end > range.start)).toBe(true);
});

test("bookings are narrowed by property, guest, owner and status", () => {
  const range = { start: "2025-01-01", end: "2027-12-31", limit: 10_000 };
  const whole = reader.findBookings(range).items;
  const sample = whole[1234];
  if (sample === undefined) throw new Error("the data set has too few bookings");
  const { property_id, guest_id } = sample;
  const owner_id = reader.ownerOf(property_id) ?? "";
  expect(reader.findBookings({ ...range, property_id }).items).toEqual(
    whole.filter((booking) => booking.property_id === property_id),
  );
  expect(reader.findBookings({ ...range, guest_id }).items).toEqual(
    whole.filter((booking) => booking.guest_id === guest_id),
  );
  expect(reader.findBookings({ ...range, owner_id }).items).toEqual(
    whole.filter((booking) => reader.ownerOf(booking.property_id) === owner_id),
  );
  expect(reader.findBookings({ ...range, property_id, status: "cancelled" }).items).toEqual(
    whole.filter((booking) => booking.property_id === property_id && booking.status === "cancelled"),
  );
});

test("a cursor that was not given out is refused", () => {
  const range = { start: "2027-01-01", end: "2027-02-01", limit: 5 };
  expect(() => reader.findBookings({ ...range, after: "nonsense" })).toThrow(
    expect.objectContaining({ code: "invalid_cursor" }),
  );
});

test("properties found for a stay are free, large enough, equipped and not too dear, at the quoted price", () => {
  const search = {
    city: "lisbon",
    guests: 3,
    start: "2027-06-10",
    end: "2027-06-20",
    max_nightly_price: 30_000,
    amenities: ["wifi"],
  };
  const found = collect((after) => reader.searchProperties({ ...search, limit: 2, after }));
  expect(found.length).toBeGreaterThan(2);
  for (const property of found) {
    const quote = reader.quoteStay({ ...search, property_id: property.property_id });
    expect(quote).toMatchObject({ available: true, total: property.stay_total });
    expect(Math.max(...quote.breakdown.map((part) => part.nightly_price))).toBeLessThanOrEqual(30_000);
    expect(reader.amenitiesOf(property.property_id)).toContain("wifi");
    expect(property.capacity).toBeGreaterThanOrEqual(3);
  }
  const inLisbon = reader.searchProperties({ city: "Lisbon", limit: 200 }).items;
  const busy = inLisbon.filter((property) => !found.some((other) => other.property_id === property.property_id));
  const bookable = busy.filter((property) => {
    if (property.capacity < 3 || !reader.amenitiesOf(property.property_id).includes("wifi")) return false;
    const quote = reader.quoteStay({ ...search, property_id: property.property_id });
    return quote.available && quote.breakdown.every((part) => part.nightly_price <= 30_000);
  });
  expect(bookable).toEqual([]);
});

test("properties are found by their owner", () => {
  const found = reader.searchProperties({ owner_id: "owner_001", limit: 200 }).items;
  const all = reader.searchProperties({ limit: 200 }).items;
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(all.filter((property) => reader.ownerOf(property.property_id) === "owner_001"));
});

test("a quote prices each night by its season", () => {
  const quote = reader.quoteStay({ property_id: "prop_0008", start: "2027-06-10", end: "2027-06-20", guests: 1 });
  expect(quote.breakdown.map((part) => [part.season, part.nights])).toEqual([
    ["standard", 5],
    ["summer", 5],
  ]);
  expect(quote.total).toBe(quote.breakdown.reduce((sum, part) => sum + part.amount, quote.cleaning_fee));
  expect(quote.nights).toBe(10);
});

test("guests are found by words of name, mail and phone, and % is no wildcard", () => {
  const guest = reader.getGuest("guest_00042");
  expect(reader.guestByPhone(guest.phone)).toEqual(guest);
  expect(reader.searchGuests({ text: guest.email, limit: 5 }).items).toEqual([guest]);
  const [given = "", family = ""] = guest.name.split(" ");
  const namesakes = collect((after) => reader.searchGuests({ text: `${family} ${given}`, limit: 3, after }));
  expect(namesakes).toContainEqual(guest);
  expect(reader.searchGuests({ text: "%", limit: 5 }).items).toEqual([]);
  expect(reader.guestsById(["guest_00042", "guest_99999"])).toEqual([guest]);
});

test("the read connection cannot write, by SQLite's own refusal", () => {
  const write = () => reader.createBooking(freeRequest(reader), { key: "k" });
  expect(write).toThrow("attempt to write a readonly database");
  expect(reader.bookingByKey("k")).toBeUndefined();
});

test("reading makes no database where there is none", () => {
  const path = `${business.path}.missing`;
  expect(() => openBusiness({ path, access: "read" })).toThrow("unable to open database file");
  expect(existsSync(path)).toBe(false);
});
