import { type Booking, getBooking } from "./bookings.ts";
import { BusinessError } from "./business-error.ts";
import type { WriteContext } from "./create-booking.ts";
import type { BusinessDatabase } from "./database/business-database.ts";
import type { Queries } from "./database/tables.ts";
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
export async function previewCancellation(
  queries: Queries,
  bookingId: string,
  today: string,
): Promise<CancellationPreview> {
  const booking = await getBooking(queries, bookingId);
  if (booking.status === "cancelled") {
    throw new BusinessError("already_cancelled", `${bookingId} is cancelled already`);
  }
  if (booking.status === "completed" || booking.end <= today) {
    throw new BusinessError("stay_completed", `${bookingId} ended on ${booking.end} and cannot be cancelled`);
  }
  const paid = await paidFor(queries, bookingId);
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
export async function cancelBooking(
  database: BusinessDatabase,
  request: CancellationRequest,
  { key, today }: WriteContext,
): Promise<Cancellation> {
  return await database.transaction(async (queries) => {
    const earlier = await cancellationByKey(queries, key);
    if (earlier !== undefined) return checkSameBooking(earlier, request.booking_id);
    const { booking, paid, refund: byRule } = await previewCancellation(queries, request.booking_id, today);
    const { booking_id, currency } = booking;
    const refund = request.refund === "full" ? paid : byRule;
    const cancellation = { booking_id, reason: request.reason, refund, currency, cancelled_on: today };
    await queries.updateTable("bookings").set({ status: "cancelled" }).where("booking_id", "=", booking_id).execute();
    await queries
      .insertInto("cancellations")
      .values({ ...cancellation, idempotency_key: key })
      .execute();
    if (refund > 0) {
      await recordPayment(queries, { booking_id, kind: "refund", amount: refund, currency, paid_on: today });
    }
    return cancellation;
  });
}

/** The cancellation that was made under this idempotency key, if one was. */
export async function cancellationByKey(queries: Queries, key: string): Promise<Cancellation | undefined> {
  return await queries
    .selectFrom("cancellations")
    .select(["booking_id", "reason", "refund", "currency", "cancelled_on"])
    .where("idempotency_key", "=", key)
    .executeTakeFirst();
}

function checkSameBooking(cancellation: Cancellation, bookingId: string): Cancellation {
  if (cancellation.booking_id !== bookingId) {
    throw new BusinessError("key_reused", `this key has cancelled ${cancellation.booking_id}, not ${bookingId}`);
  }
  return cancellation;
}
