import type { BookingStatus } from "../bookings.ts";
import { refundOf } from "../cancel-booking.ts";
import type { Connection } from "../connection.ts";
import { toCountedId } from "../counters.ts";
import { depositOf, type Payment } from "../payments.ts";
import { priceBySeasons } from "../prices.ts";
import { addDays, toDate, toDayNumber } from "../stay-dates.ts";
import { ANCHOR_DATE } from "./anchor-date.ts";
import type { Random } from "./random.ts";
import { GUEST_COUNT, guestId } from "./seed-guests.ts";
import type { SeededProperty } from "./seed-properties.ts";

const FIRST_DAY = toDayNumber("2024-11-01");
const LAST_DAY = toDayNumber("2028-05-01");
const ANCHOR_DAY = toDayNumber(ANCHOR_DATE);

const REASONS: readonly [string, ...string[]] = [
  "change of plans",
  "flight cancelled",
  "illness",
  "found another place",
  "work trip moved",
];

interface InventedBooking {
  readonly property: SeededProperty;
  readonly guest_id: string;
  readonly start: string;
  readonly end: string;
  readonly guests: number;
  readonly status: BookingStatus;
  readonly total: number;
  readonly booked_on: string;
  readonly cancelled?: { readonly on: string; readonly reason: string };
}

type InventedPayment = Pick<Payment, "kind" | "amount" | "paid_on">;

/** Writes bookings with their payments and cancellations, numbered in the order in which they were booked. */
export function seedBookings(connection: Connection, random: Random, properties: readonly SeededProperty[]): void {
  const bookings = properties
    .flatMap((property) => inventBookings(random, property))
    .toSorted((a, b) => (a.booked_on < b.booked_on ? -1 : a.booked_on > b.booked_on ? 1 : 0));
  let payments = 0;
  for (const [index, booking] of bookings.entries()) {
    const bookingId = toCountedId("book", index + 1);
    insertBooking(connection, bookingId, booking);
    for (const payment of paymentsFor(connection, bookingId, booking)) {
      payments += 1;
      connection.run(
        "INSERT INTO payments (payment_id, booking_id, kind, amount, currency, paid_on) VALUES (?, ?, ?, ?, ?, ?)",
        toCountedId("pay", payments),
        bookingId,
        payment.kind,
        payment.amount,
        booking.property.currency,
        payment.paid_on,
      );
    }
  }
  connection.run("INSERT INTO counters (name, value) VALUES ('book', ?), ('pay', ?)", bookings.length, payments);
}

function inventBookings(random: Random, property: SeededProperty): InventedBooking[] {
  const bookings: InventedBooking[] = [];
  let day = FIRST_DAY + random.integer(0, 12);
  while (day < LAST_DAY) {
    const nights = Math.max(property.minimum_stay, random.pick([2, 3, 4, 5, 7, 7, 10, 14]));
    const booking = inventBooking(random, property, { start: toDate(day), end: toDate(day + nights) });
    bookings.push(booking);
    // A cancelled stay frees its nights, so the next one may take them.
    if (booking.status === "cancelled") continue;
    const monthsAhead = Math.max(0, Math.floor((day - ANCHOR_DAY) / 30));
    day += nights + random.integer(0, 13 + monthsAhead * 2);
  }
  return bookings;
}

function inventBooking(
  random: Random,
  property: SeededProperty,
  stay: { readonly start: string; readonly end: string },
): InventedBooking {
  const lead = random.integer(3, 150);
  const latest = stay.start < ANCHOR_DATE ? stay.start : ANCHOR_DATE;
  const usual = addDays(stay.start, -lead);
  const booked_on = usual < latest ? usual : addDays(ANCHOR_DATE, -random.integer(0, 90));
  const booking = {
    property,
    guest_id: guestId(random.integer(1, GUEST_COUNT)),
    ...stay,
    guests: random.integer(1, property.capacity),
    total: priceBySeasons(property, stay, property.seasons).total,
    booked_on,
  };
  if (random.chance(0.09)) {
    const last = toDayNumber(latest);
    const on = toDate(random.integer(toDayNumber(booked_on), last));
    return { ...booking, status: "cancelled", cancelled: { on, reason: random.pick(REASONS) } };
  }
  return { ...booking, status: stay.end <= ANCHOR_DATE ? "completed" : "confirmed" };
}

function insertBooking(connection: Connection, bookingId: string, booking: InventedBooking): void {
  connection.run(
    `INSERT INTO bookings (booking_id, property_id, guest_id, start_date, end_date, guests, status, total, currency,
     booked_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    bookingId,
    booking.property.property_id,
    booking.guest_id,
    booking.start,
    booking.end,
    booking.guests,
    booking.status,
    booking.total,
    booking.property.currency,
    booking.booked_on,
  );
}

// The deposit is paid when booking, the balance two weeks before arrival, a refund when cancelling.
function paymentsFor(connection: Connection, bookingId: string, booking: InventedBooking): readonly InventedPayment[] {
  const { booked_on, start, total, cancelled } = booking;
  const deposit = depositOf(total);
  const payments: InventedPayment[] = [{ kind: "deposit", amount: deposit, paid_on: booked_on }];
  const due = addDays(start, -14);
  const balanceOn = due > booked_on ? due : booked_on;
  if (balanceOn <= (cancelled?.on ?? ANCHOR_DATE)) {
    payments.push({ kind: "balance", amount: total - deposit, paid_on: balanceOn });
  }
  if (cancelled === undefined) return payments;
  const paid = payments.reduce((sum, payment) => sum + payment.amount, 0);
  const refund = refundOf(paid, start, cancelled.on);
  connection.run(
    "INSERT INTO cancellations (booking_id, reason, refund, currency, cancelled_on) VALUES (?, ?, ?, ?, ?)",
    bookingId,
    cancelled.reason,
    refund,
    booking.property.currency,
    cancelled.on,
  );
  if (refund > 0) payments.push({ kind: "refund", amount: refund, paid_on: cancelled.on });
  return payments;
}
