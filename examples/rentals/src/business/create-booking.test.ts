import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import type { BusinessError } from "./business-error.ts";
import { openBusiness } from "./open-business.ts";
import { FREE_STAY, freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

// The first property of the data set that is not let for a single night.
const TWO_NIGHTS_OR_MORE = "prop_0001";

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as BusinessError).code;
  }
  return "nothing was refused";
};

test("books a stay with its deposit, and the read connection sees it", () => {
  using business = openTemporaryBusiness();
  const request = freeRequest(business.reader);
  const booking = business.writer.createBooking(request, { key: "k1" });
  expect(booking).toMatchObject({ ...FREE_STAY, status: "confirmed", total: request.quoted_total });
  expect(booking.booking_id).toMatch(/^book_\d{6}$/);
  expect(business.reader.getBooking(booking.booking_id)).toEqual(booking);
  expect(business.reader.bookingByKey("k1")).toEqual(booking);
  expect(business.reader.quoteStay(FREE_STAY).available).toBe(false);
  const [deposit, ...others] = business.reader.paymentsOf([booking.booking_id]);
  expect(deposit).toMatchObject({ kind: "deposit", amount: Math.round(request.quoted_total * 0.3) });
  expect(others).toEqual([]);
});

test("the same key makes one booking, also from another connection; another request under it is refused", () => {
  using business = openTemporaryBusiness();
  const request = freeRequest(business.reader);
  const other = openBusiness({ path: business.path, access: "write" });
  const bookings = [business.writer, other, business.writer].map((writer) =>
    writer.createBooking(request, { key: "k" }),
  );
  other.close();
  expect(new Set(bookings.map((booking) => booking.booking_id)).size).toBe(1);
  expect(codeOf(() => business.writer.createBooking({ ...request, guests: 2 }, { key: "k" }))).toBe("key_reused");
  expect(business.reader.findBookings({ ...FREE_STAY, limit: 10 }).items).toHaveLength(1);
});

test("of two that want one night, the second is refused and leaves nothing behind", () => {
  using business = openTemporaryBusiness();
  const request = freeRequest(business.reader);
  business.writer.createBooking(request, { key: "first" });
  const lastNight = { property_id: "prop_0001", start: "2029-03-09", end: "2029-03-14", guests: 1 };
  const total = business.reader.quoteStay(lastNight).total;
  const second = { ...request, ...lastNight, quoted_total: total };
  expect(codeOf(() => business.writer.createBooking(second, { key: "second" }))).toBe("overlap");
  expect(business.reader.bookingByKey("second")).toBeUndefined();
  const changeover = { ...second, start: "2029-03-10", end: "2029-03-15" };
  const nextTotal = business.reader.quoteStay({ ...lastNight, start: "2029-03-10", end: "2029-03-15" }).total;
  const next = business.writer.createBooking({ ...changeover, quoted_total: nextTotal }, { key: "third" });
  expect(next.start).toBe("2029-03-10");
});

test("the database itself refuses overlaps, by insert and by update, and doubled keys", () => {
  using business = openTemporaryBusiness();
  const booking = business.writer.createBooking(freeRequest(business.reader), { key: "k" });
  using database = new DatabaseSync(business.path);
  const insert = (id: string, status: string, key: string | null): unknown =>
    database
      .prepare(
        `INSERT INTO bookings SELECT ?, property_id, guest_id, start_date, end_date, guests, ?, total, currency,
         booked_on, ? FROM bookings WHERE booking_id = ?`,
      )
      .run(id, status, key, booking.booking_id);
  expect(() => insert("book_900001", "confirmed", null)).toThrow("overlap");
  expect(() => insert("book_900002", "cancelled", "k")).toThrow("UNIQUE");
  insert("book_900003", "cancelled", null);
  const revive = database.prepare("UPDATE bookings SET status = 'confirmed' WHERE booking_id = 'book_900003'");
  expect(() => revive.run()).toThrow("overlap");
});

const untouched = openTemporaryBusiness();
afterAll(() => untouched[Symbol.dispose]());

test("previews what a booking would be, and nothing that booking it refuses", () => {
  using business = openTemporaryBusiness();
  const { quoted_total, ...request } = freeRequest(business.reader);
  const preview = business.reader.previewBooking(request);
  expect(preview).toMatchObject({ guest: { guest_id: request.guest_id }, quote: { total: quoted_total } });
  const { booking_id, total } = business.writer.createBooking({ ...request, quoted_total }, { key: "k" });
  expect(total).toBe(preview.quote.total);
  expect(business.reader.paymentsOf([booking_id])[0]?.amount).toBe(preview.deposit);
  expect(codeOf(() => business.reader.previewBooking(request))).toBe("overlap");
});

test.for([
  ["too_many_guests", { guests: 40 }],
  ["min_stay", { property_id: TWO_NIGHTS_OR_MORE, end: "2029-03-06" }],
  ["stay_too_long", { end: "2029-05-10" }],
  ["invalid_dates", { start: "2029-02-30" }],
  ["invalid_dates", { end: "2029-03-05" }],
  ["not_found", { property_id: "prop_9999" }],
  ["not_found", { guest_id: "guest_99999" }],
  ["in_the_past", { start: "2024-10-05", end: "2024-10-10" }],
] as const)("refuses with %s, in the preview already: %o", ([code, change]) => {
  const request = { ...freeRequest(untouched.reader), ...change };
  expect(codeOf(() => untouched.reader.previewBooking(request))).toBe(code);
  expect(codeOf(() => untouched.writer.createBooking(request, { key: "k" }))).toBe(code);
  expect(untouched.reader.bookingByKey("k")).toBeUndefined();
});

test("refuses a price that is not the one of now", () => {
  const request = { ...freeRequest(untouched.reader), quoted_total: 1 };
  expect(codeOf(() => untouched.writer.createBooking(request, { key: "k" }))).toBe("price_changed");
  expect(untouched.reader.bookingByKey("k")).toBeUndefined();
});
