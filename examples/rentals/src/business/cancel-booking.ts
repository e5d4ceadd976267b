import { type Booking, getBooking } from "./bookings.ts";
import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";
import type { WriteContext } from "./create-booking.ts";
import { paidFor, recordPayment } from "./payments.ts";
import { countNights } from "./stay-dates.ts";

/** A cancelled booking's record; `refund` is in cents. */
export interface Cancellation {
  readonly booking_id: string;
  readonly reason: string;
  readonly refund: number;
  readonly currency: string;
  readonly cancelled_on: string;
}

/** What a cancellation today would do. */
export interface CancellationPreview {
  readonly booking: Booking;
  readonly paid: number;
  readonly refund: number;
  readonly days_before_arrival: number;
}

/** `by_rule` refunds by the days left; `full` gives everything back, for a booking that should not have been. */
export type RefundTerms = "by_rule" | "full";

/** What of a paid amount goes back: all of it until 14 days before arrival, half until 7, then nothing. */
export function refundOf(paid: number, start: string, today: string): number {
  const days = countNights(today, start);
  if (days >= 14) return paid;
  return days >= 7 ? Math.floor(paid / 2) : 0;
}

/** Says what would be refunded; throws `not_found`, `already_cancelled` or `stay_completed`. */
export function previewCancellation(connection: Connection, bookingId: string, today: string): CancellationPreview {
  const booking = getBooking(connection, bookingId);
  if (booking.status === "cancelled") {
    throw new BusinessError("already_cancelled", `${bookingId} is cancelled already`);
  }
  if (booking.status === "completed" || booking.end <= today) {
    throw new BusinessError("stay_completed", `${bookingId} ended on ${booking.end} and cannot be cancelled`);
  }
  const paid = paidFor(connection, bookingId);
  const refund = refundOf(paid, booking.start, today);
  return { booking, paid, refund, days_before_arrival: countNights(today, booking.start) };
}

/** Which booking to cancel, why, and on which terms (`by_rule` unless said otherwise). */
export interface CancellationRequest {
  readonly booking_id: string;
  readonly reason: string;
  readonly refund?: RefundTerms | undefined;
}

/** Cancels a booking and refunds what is due, both or neither. The same key returns the same cancellation. */
export function cancelBooking(
  connection: Connection,
  request: CancellationRequest,
  { key, today }: WriteContext,
): Cancellation {
  return connection.transaction(() => {
    const earlier = cancellationByKey(connection, key);
    if (earlier !== undefined) return checkSameBooking(earlier, request.booking_id);
    const { booking, paid, refund: byRule } = previewCancellation(connection, request.booking_id, today);
    const { booking_id, currency } = booking;
    const refund = request.refund === "full" ? paid : byRule;
    connection.run("UPDATE bookings SET status = 'cancelled' WHERE booking_id = ?", booking_id);
    connection.run(
      `INSERT INTO cancellations (booking_id, reason, refund, currency, cancelled_on, idempotency_key)
       VALUES (?, ?, ?, ?, ?, ?)`,
      booking_id,
      request.reason,
      refund,
      currency,
      today,
      key,
    );
    if (refund > 0) recordPayment(connection, { booking_id, kind: "refund", amount: refund, currency, paid_on: today });
    return { booking_id, reason: request.reason, refund, currency, cancelled_on: today };
  });
}

/** The cancellation that was made under this idempotency key, if one was. */
export function cancellationByKey(connection: Connection, key: string): Cancellation | undefined {
  return connection.get<Cancellation>(
    "SELECT booking_id, reason, refund, currency, cancelled_on FROM cancellations WHERE idempotency_key = ?",
    key,
  );
}

function checkSameBooking(cancellation: Cancellation, bookingId: string): Cancellation {
  if (cancellation.booking_id !== bookingId) {
    throw new BusinessError("key_reused", `this key has cancelled ${cancellation.booking_id}, not ${bookingId}`);
  }
  return cancellation;
}
