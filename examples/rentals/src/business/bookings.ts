import { BusinessError } from "./business-error.ts";
import type { Queries } from "./database/tables.ts";
import { cursorError, type Page, type PageRequest, parseCursor, toCursor, toPage } from "./pages.ts";
import { addDays, checkDates, isDate, LONGEST_STAY } from "./stay-dates.ts";

export type BookingStatus = "confirmed" | "cancelled" | "completed";

/** A booked stay; `total` is in cents, `end` is the day of departure. */
export interface Booking {
  readonly booking_id: string;
  readonly property_id: string;
  readonly guest_id: string;
  readonly start: string;
  readonly end: string;
  readonly guests: number;
  readonly status: BookingStatus;
  readonly total: number;
  readonly currency: string;
  readonly booked_on: string;
}

/** Bookings whose stay touches the nights from `start` to `end`; the rest narrows them down. */
export interface BookingSearch extends PageRequest {
  readonly start: string;
  readonly end: string;
  readonly property_id?: string | undefined;
  readonly guest_id?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly status?: BookingStatus | undefined;
}

const BOOKING_COLUMNS = [
  "booking_id",
  "property_id",
  "guest_id",
  "start_date as start",
  "end_date as end",
  "guests",
  "status",
  "total",
  "currency",
  "booked_on",
] as const;

const selectBooking = (queries: Queries) => queries.selectFrom("bookings").select(BOOKING_COLUMNS);

/** The bookings in the order of their arrival. */
export async function findBookings(queries: Queries, search: BookingSearch): Promise<Page<Booking>> {
  const { start, end, property_id, guest_id, owner_id, status, after, limit } = search;
  checkDates(start, end);
  let found = selectBooking(queries)
    .where("start_date", "<", end)
    .where("start_date", ">", addDays(start, -LONGEST_STAY))
    .where("end_date", ">", start);
  if (property_id !== undefined) found = found.where("property_id", "=", property_id);
  if (guest_id !== undefined) found = found.where("guest_id", "=", guest_id);
  if (owner_id !== undefined) {
    const owned = queries.selectFrom("properties").select("property_id").where("owner_id", "=", owner_id);
    found = found.where("property_id", "in", owned);
  }
  if (status !== undefined) found = found.where("status", "=", status);
  if (after !== undefined) {
    const [arrival, booking] = parseArrival(after);
    found = found.where((eb) => eb(eb.refTuple("start_date", "booking_id"), ">", eb.tuple(arrival, booking)));
  }
  const rows = await found
    .orderBy("start_date")
    .orderBy("booking_id")
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, (booking) => toCursor(booking.start, booking.booking_id));
}

/** Throws `not_found` where there is none. */
export async function getBooking(queries: Queries, bookingId: string): Promise<Booking> {
  const booking = await selectBooking(queries).where("booking_id", "=", bookingId).executeTakeFirst();
  if (booking === undefined) throw new BusinessError("not_found", `there is no booking ${bookingId}`);
  return booking;
}

/** The booking that was made under this idempotency key, if one was. */
export async function bookingByKey(queries: Queries, key: string): Promise<Booking | undefined> {
  return await selectBooking(queries).where("idempotency_key", "=", key).executeTakeFirst();
}

function parseArrival(after: string): readonly [date: string, bookingId: string] {
  const [date = "", bookingId = ""] = parseCursor(after, 2);
  if (!isDate(date)) throw cursorError();
  return [date, bookingId];
}
