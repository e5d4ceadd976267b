import { type Booking, bookingByKey, getBooking } from "./bookings.ts";
import { BusinessError } from "./business-error.ts";
import { takeId } from "./counters.ts";
import type { BusinessDatabase } from "./database/business-database.ts";
import type { Queries } from "./database/tables.ts";
import { type Guest, getGuest } from "./guests.ts";
import { depositOf, recordPayment } from "./payments.ts";
import { getProperty, type Property } from "./properties.ts";
import { type Quote, quoteStay, type StayRequest } from "./quotes.ts";

/** A stay that somebody wants. */
export interface WantedStay extends StayRequest {
  readonly guest_id: string;
}

/** What booking it today would be; `deposit` is in cents. */
export interface BookingPreview {
  readonly property: Property;
  readonly guest: Guest;
  readonly quote: Quote;
  readonly deposit: number;
}

/** A stay to book at the price that the guest was quoted, in cents. */
export interface BookingRequest extends WantedStay {
  readonly quoted_total: number;
}

/** Under which key a write happens, and on which day. */
export interface WriteContext {
  readonly key: string;
  readonly today: string;
}

/** Says what booking a stay would be; throws as `quoteStay` does, `not_found`, `in_the_past` or `overlap`. */
export async function previewBooking(queries: Queries, wanted: WantedStay, today: string): Promise<BookingPreview> {
  const guest = await getGuest(queries, wanted.guest_id);
  const quote = await quoteStay(queries, wanted);
  if (wanted.start < today) throw new BusinessError("in_the_past", `the stay begins before today, ${today}`);
  if (!quote.available) throw overlapOf(wanted);
  return { property: await getProperty(queries, wanted.property_id), guest, quote, deposit: depositOf(quote.total) };
}

/**
 * Books a stay and takes its deposit, both or neither. The same key returns the booking it made; with another request it is
 * `key_reused`. Otherwise throws as `previewBooking` does, or `price_changed`.
 */
export async function createBooking(
  database: BusinessDatabase,
  request: BookingRequest,
  context: WriteContext,
): Promise<Booking> {
  return await database.transaction(async (queries) => {
    const earlier = await bookingByKey(queries, context.key);
    if (earlier !== undefined) return checkSameRequest(earlier, request);
    const { guest, quote, deposit } = await previewBooking(queries, request, context.today);
    checkPrice(quote, request);
    const bookingId = await takeId(queries, "book");
    await insertBooking(queries, { bookingId, guestId: guest.guest_id, quote, context });
    await recordPayment(queries, {
      booking_id: bookingId,
      kind: "deposit",
      amount: deposit,
      currency: quote.currency,
      paid_on: context.today,
    });
    return await getBooking(queries, bookingId);
  });
}

function overlapOf({ property_id, start, end }: StayRequest): BusinessError {
  return new BusinessError("overlap", `${property_id} is not free from ${start} to ${end}`);
}

function checkSameRequest(booking: Booking, request: BookingRequest): Booking {
  const same =
    booking.property_id === request.property_id &&
    booking.guest_id === request.guest_id &&
    booking.start === request.start &&
    booking.end === request.end &&
    booking.guests === request.guests &&
    booking.total === request.quoted_total;
  if (!same) throw new BusinessError("key_reused", `this key has made ${booking.booking_id}, which is another stay`);
  return booking;
}

function checkPrice({ total }: Quote, { quoted_total }: BookingRequest): void {
  if (total === quoted_total) return;
  const prices = `it costs ${total} now, not ${quoted_total} cents`;
  throw new BusinessError("price_changed", `the price of the stay has changed: ${prices}; quote it again`);
}

interface NewBooking {
  readonly bookingId: string;
  readonly guestId: string;
  readonly quote: Quote;
  readonly context: WriteContext;
}

async function insertBooking(queries: Queries, { bookingId, guestId, quote, context }: NewBooking): Promise<void> {
  try {
    await queries
      .insertInto("bookings")
      .values({
        booking_id: bookingId,
        property_id: quote.property_id,
        guest_id: guestId,
        start_date: quote.start,
        end_date: quote.end,
        guests: quote.guests,
        status: "confirmed",
        total: quote.total,
        currency: quote.currency,
        booked_on: context.today,
        idempotency_key: context.key,
      })
      .execute();
  } catch (error) {
    // The database decides, not the quote: it holds against every other writer too.
    if (isOverlap(error)) throw overlapOf(quote);
    throw error;
  }
}

/** Whether SQLite's trigger or PostgreSQL's exclusion constraint has refused a stay. */
function isOverlap(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message === "overlap" || ("constraint" in error && error.constraint === "stays_never_overlap");
}
