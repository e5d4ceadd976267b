import { sql } from "kysely";
import { takeId } from "./counters.ts";
import type { Queries } from "./database/tables.ts";

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
export async function paymentsOf(queries: Queries, bookingIds: readonly string[]): Promise<readonly Payment[]> {
  if (bookingIds.length === 0) return [];
  return await queries
    .selectFrom("payments")
    .select(["payment_id", "booking_id", "kind", "amount", "currency", "paid_on"])
    .where("booking_id", "in", bookingIds)
    .orderBy("booking_id")
    .orderBy("payment_id")
    .execute();
}

/** What the guest has paid so far and not got back, in cents. */
export async function paidFor(queries: Queries, bookingId: string): Promise<number> {
  const { paid } = await queries
    .selectFrom("payments")
    .select(sql<number>`coalesce(sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END), 0)`.as("paid"))
    .where("booking_id", "=", bookingId)
    .executeTakeFirstOrThrow();
  return paid;
}

/** Enters a payment, within the transaction of what it pays for. */
export async function recordPayment(queries: Queries, payment: Omit<Payment, "payment_id">): Promise<void> {
  const payment_id = await takeId(queries, "pay");
  await queries
    .insertInto("payments")
    .values({ payment_id, ...payment })
    .execute();
}
