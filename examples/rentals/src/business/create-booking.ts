import { type Booking, bookingByKey, getBooking } from "./bookings.ts";
import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";
import { takeId } from "./counters.ts";
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
export function previewBooking(connection: Connection, wanted: WantedStay, today: string): BookingPreview {
  const guest = getGuest(connection, wanted.guest_id);
  const quote = quoteStay(connection, wanted);
  if (wanted.start < today) throw new BusinessError("in_the_past", `the stay begins before today, ${today}`);
  if (!quote.available) throw overlapOf(wanted);
  return { property: getProperty(connection, wanted.property_id), guest, quote, deposit: depositOf(quote.total) };
}

/**
 * Books a stay and takes its deposit, both or neither. The same key returns the booking it made; with another request it is
 * `key_reused`. Otherwise throws as `previewBooking` does, or `price_changed`.
 */
export function createBooking(connection: Connection, request: BookingRequest, context: WriteContext): Booking {
  return connection.transaction(() => {
    const earlier = bookingByKey(connection, context.key);
    if (earlier !== undefined) return checkSameRequest(earlier, request);
    const { guest, quote, deposit } = previewBooking(connection, request, context.today);
    checkPrice(quote, request);
    const bookingId = takeId(connection, "book");
    insertBooking(connection, { bookingId, guestId: guest.guest_id, quote, context });
    recordPayment(connection, {
      booking_id: bookingId,
      kind: "deposit",
      amount: deposit,
      currency: quote.currency,
      paid_on: context.today,
    });
    return getBooking(connection, bookingId);
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

function insertBooking(connection: Connection, { bookingId, guestId, quote, context }: NewBooking): void {
  try {
    connection.run(
      `INSERT INTO bookings (booking_id, property_id, guest_id, start_date, end_date, guests, status, total, currency,
       booked_on, idempotency_key) VALUES (?, ?, ?, ?, ?, ?, 'confirmed', ?, ?, ?, ?)`,
      bookingId,
      quote.property_id,
      guestId,
      quote.start,
      quote.end,
      quote.guests,
      quote.total,
      quote.currency,
      context.today,
      context.key,
    );
  } catch (error) {
    // The trigger decides, not the quote: it holds against every other writer too.
    if (error instanceof Error && error.message === "overlap") {
      throw overlapOf(quote);
    }
    throw error;
  }
}
