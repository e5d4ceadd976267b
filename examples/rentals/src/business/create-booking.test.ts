import { afterAll, beforeAll, expect, test } from "vitest";
import type { BusinessError } from "./business-error.ts";
import { openBusiness } from "./open-business.ts";
import { queryDirectly } from "./query-directly.ts";
import {
  describeOnBothEngines,
  FREE_STAY,
  freeRequest,
  openTemporaryBusiness,
  type TemporaryBusiness,
} from "./temporary-business.ts";

// The first property of the data set that is not let for a single night.
const TWO_NIGHTS_OR_MORE = "prop_0001";
const OVERLAP = /overlap/;

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return (error as BusinessError).code;
  }
  return "nothing was refused";
};

describeOnBothEngines((engine) => {
  test("books a stay with its deposit, and the read connection sees it", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const request = await freeRequest(reader);
    const booking = await writer.createBooking(request, { key: "k1" });
    expect(booking).toMatchObject({ ...FREE_STAY, status: "confirmed", total: request.quoted_total });
    expect(booking.booking_id).toMatch(/^book_\d{6}$/);
    expect(await reader.getBooking(booking.booking_id)).toEqual(booking);
    expect(await reader.bookingByKey("k1")).toEqual(booking);
    expect(await reader.quoteStay(FREE_STAY)).toMatchObject({ available: false });
    const [deposit, ...others] = await reader.paymentsOf([booking.booking_id]);
    expect(deposit).toMatchObject({ kind: "deposit", amount: Math.round(request.quoted_total * 0.3) });
    expect(others).toEqual([]);
  });

  test("the same key makes one booking, also from another connection; another request under it is refused", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { at, reader, writer } = business;
    const request = await freeRequest(reader);
    const other = await openBusiness({ at, access: "write" });
    const made = [writer, other, writer].map((each) => each.createBooking(request, { key: "k" }));
    const bookings = await Promise.all(made);
    await other.close();
    expect(new Set(bookings.map((booking) => booking.booking_id)).size).toBe(1);
    expect(await codeOf(writer.createBooking({ ...request, guests: 2 }, { key: "k" }))).toBe("key_reused");
    expect((await reader.findBookings({ ...FREE_STAY, limit: 10 })).items).toHaveLength(1);
  });

  test("of two that want one night, the second is refused and leaves nothing behind", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const request = await freeRequest(reader);
    await writer.createBooking(request, { key: "first" });
    const wanted = async (start: string, end: string): Promise<typeof request> => {
      const { total } = await reader.quoteStay({ ...FREE_STAY, start, end });
      return { ...request, start, end, quoted_total: total };
    };
    const lastNight = await wanted("2029-03-09", "2029-03-14");
    expect(await codeOf(writer.createBooking(lastNight, { key: "second" }))).toBe("overlap");
    expect(await reader.bookingByKey("second")).toBeUndefined();
    const changeover = await wanted("2029-03-10", "2029-03-15");
    expect(await writer.createBooking(changeover, { key: "third" })).toMatchObject({ start: "2029-03-10" });
  });

  test("the database itself refuses overlaps, by insert and by update, and doubled keys", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { at, reader, writer } = business;
    const { booking_id } = await writer.createBooking(await freeRequest(reader), { key: "k" });
    const insert = (id: string, status: string, key: string): Promise<unknown> =>
      queryDirectly(
        at,
        `INSERT INTO rentals.bookings SELECT '${id}', property_id, guest_id, start_date, end_date, guests, '${status}', total,
         currency, booked_on, ${key} FROM rentals.bookings WHERE booking_id = '${booking_id}'`,
      );
    await expect(insert("book_900001", "confirmed", "NULL")).rejects.toThrow(OVERLAP);
    await expect(insert("book_900002", "cancelled", "'k'")).rejects.toThrow(/unique/i);
    await insert("book_900003", "cancelled", "NULL");
    const revive = "UPDATE rentals.bookings SET status = 'confirmed' WHERE booking_id = 'book_900003'";
    await expect(queryDirectly(at, revive)).rejects.toThrow(OVERLAP);
  });

  test("previews what a booking would be, and nothing that booking it refuses", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const { quoted_total, ...request } = await freeRequest(reader);
    const preview = await reader.previewBooking(request);
    expect(preview).toMatchObject({ guest: { guest_id: request.guest_id }, quote: { total: quoted_total } });
    const { booking_id, total } = await writer.createBooking({ ...request, quoted_total }, { key: "k" });
    expect(total).toBe(preview.quote.total);
    expect(await reader.paymentsOf([booking_id])).toMatchObject([{ amount: preview.deposit }]);
    expect(await codeOf(reader.previewBooking(request))).toBe("overlap");
  });

  let untouched: TemporaryBusiness;
  beforeAll(async () => {
    untouched = await openTemporaryBusiness(engine);
  });
  afterAll(() => untouched[Symbol.asyncDispose]());

  test.for([
    ["too_many_guests", { guests: 40 }],
    ["min_stay", { property_id: TWO_NIGHTS_OR_MORE, end: "2029-03-06" }],
    ["stay_too_long", { end: "2029-05-10" }],
    ["invalid_dates", { start: "2029-02-30" }],
    ["invalid_dates", { end: "2029-03-05" }],
    ["invalid_dates", { start: "0000-01-05", end: "0000-01-10" }],
    ["not_found", { property_id: "prop_9999" }],
    ["not_found", { guest_id: "guest_99999" }],
    ["in_the_past", { start: "2024-10-05", end: "2024-10-10" }],
  ] as const)("refuses with %s, in the preview already: %o", async ([code, change]) => {
    const { reader, writer } = untouched;
    const request = { ...(await freeRequest(reader)), ...change };
    expect(await codeOf(reader.previewBooking(request))).toBe(code);
    expect(await codeOf(writer.createBooking(request, { key: "k" }))).toBe(code);
    expect(await reader.bookingByKey("k")).toBeUndefined();
  });

  test("refuses a price that is not the one of now", async () => {
    const { reader, writer } = untouched;
    const request = { ...(await freeRequest(reader)), quoted_total: 1 };
    expect(await codeOf(writer.createBooking(request, { key: "k" }))).toBe("price_changed");
    expect(await reader.bookingByKey("k")).toBeUndefined();
  });
});
