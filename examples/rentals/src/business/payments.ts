import type { Connection } from "./connection.ts";
import { takeId } from "./counters.ts";

/** Money that moved; `amount` is positive cents, and a `refund` went to the guest. */
export interface Payment {
  readonly payment_id: string;
  readonly booking_id: string;
  readonly kind: "deposit" | "balance" | "refund";
  readonly amount: number;
  readonly currency: string;
  readonly paid_on: string;
}

/** The deposit that is due when a stay is booked: thirty percent, in whole cents. */
export function depositOf(total: number): number {
  return Math.round(total * 0.3);
}

/** The payments of these bookings, by booking and in the order they were made. */
export function paymentsOf(connection: Connection, bookingIds: readonly string[]): readonly Payment[] {
  return connection.all<Payment>(
    `SELECT payment_id, booking_id, kind, amount, currency, paid_on FROM payments
     WHERE booking_id IN (SELECT value FROM json_each(?)) ORDER BY booking_id, payment_id`,
    JSON.stringify(bookingIds),
  );
}

/** What the guest has paid so far and not got back, in cents. */
export function paidFor(connection: Connection, bookingId: string): number {
  const row = connection.get<{ paid: number }>(
    `SELECT coalesce(sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END), 0) AS paid
     FROM payments WHERE booking_id = ?`,
    bookingId,
  );
  return row?.paid ?? 0;
}

/** Enters a payment, within the transaction of what it pays for. */
export function recordPayment(connection: Connection, payment: Omit<Payment, "payment_id">): void {
  connection.run(
    "INSERT INTO payments (payment_id, booking_id, kind, amount, currency, paid_on) VALUES (?, ?, ?, ?, ?, ?)",
    takeId(connection, "pay"),
    payment.booking_id,
    payment.kind,
    payment.amount,
    payment.currency,
    payment.paid_on,
  );
}
