import type { SQLInputValue } from "node:sqlite";
import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";
import { type Page, type PageRequest, parseCursor, toCursor, toPage } from "./pages.ts";
import { addDays, checkDates, LONGEST_STAY } from "./stay-dates.ts";

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

const SELECT_BOOKING = `SELECT booking_id, property_id, guest_id, start_date AS start, end_date AS "end", guests,
  status, total, currency, booked_on FROM bookings`;

/** The bookings in the order of their arrival. */
export function findBookings(connection: Connection, search: BookingSearch): Page<Booking> {
  checkDates(search.start, search.end);
  let conditions = "start_date < ? AND start_date > ? AND end_date > ?";
  const parameters: SQLInputValue[] = [search.end, addDays(search.start, -LONGEST_STAY), search.start];
  const demand = (condition: string, ...values: readonly SQLInputValue[]): void => {
    conditions += ` AND ${condition}`;
    parameters.push(...values);
  };
  if (search.property_id !== undefined) demand("property_id = ?", search.property_id);
  if (search.guest_id !== undefined) demand("guest_id = ?", search.guest_id);
  if (search.owner_id !== undefined) {
    demand("property_id IN (SELECT property_id FROM properties WHERE owner_id = ?)", search.owner_id);
  }
  if (search.status !== undefined) demand("status = ?", search.status);
  if (search.after !== undefined) demand("(start_date, booking_id) > (?, ?)", ...parseCursor(search.after, 2));
  const rows = connection.all<Booking>(
    `${SELECT_BOOKING} WHERE ${conditions} ORDER BY start_date, booking_id LIMIT ?`,
    ...parameters,
    search.limit + 1,
  );
  return toPage(rows, search.limit, (booking) => toCursor(booking.start, booking.booking_id));
}

/** Throws `not_found` where there is none. */
export function getBooking(connection: Connection, bookingId: string): Booking {
  const booking = connection.get<Booking>(`${SELECT_BOOKING} WHERE booking_id = ?`, bookingId);
  if (booking === undefined) throw new BusinessError("not_found", `there is no booking ${bookingId}`);
  return booking;
}

/** The booking that was made under this idempotency key, if one was. */
export function bookingByKey(connection: Connection, key: string): Booking | undefined {
  return connection.get<Booking>(`${SELECT_BOOKING} WHERE idempotency_key = ?`, key);
}
