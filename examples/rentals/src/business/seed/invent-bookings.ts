import type { BookingStatus } from "../bookings.ts";
import { refundOf } from "../cancel-booking.ts";
import { toCountedId } from "../counters.ts";
import { depositOf, type Payment } from "../payments.ts";
import { priceBySeasons } from "../prices.ts";
import { addDays, toDate, toDayNumber } from "../stay-dates.ts";
import { ANCHOR_DATE } from "./anchor-date.ts";
import { GUEST_COUNT, guestId } from "./invent-guests.ts";
import type { InventedProperty } from "./invent-properties.ts";
import type { Random } from "./random.ts";

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
  readonly property: InventedProperty;
  readonly guest_id: string;
  readonly start: string;
  readonly end: string;
  readonly guests: number;
  readonly status: BookingStatus;
  readonly total: number;
  readonly booked_on: string;
  readonly cancelled?: { readonly on: string; readonly reason: string };
}

/** A booking with all that came of it. */
export interface NumberedBooking extends InventedBooking {
  readonly booking_id: string;
  readonly payments: readonly InventedPayment[];
  readonly refund: number;
}

type InventedPayment = Pick<Payment, "kind" | "amount" | "paid_on">;

/** Invents bookings with their payments and cancellations, numbered in the order in which they were booked. */
export function inventBookings(random: Random, properties: readonly InventedProperty[]): readonly NumberedBooking[] {
  return properties
    .flatMap((property) => inventBookingsOf(random, property))
    .toSorted((a, b) => (a.booked_on < b.booked_on ? -1 : a.booked_on > b.booked_on ? 1 : 0))
    .map((booking, index) => ({ ...booking, booking_id: toCountedId("book", index + 1), ...paymentsFor(booking) }));
}

function inventBookingsOf(random: Random, property: InventedProperty): InventedBooking[] {
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
  property: InventedProperty,
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

// The deposit is paid when booking, the balance two weeks before arrival, a refund when cancelling.
function paymentsFor(booking: InventedBooking): Pick<NumberedBooking, "payments" | "refund"> {
  const { booked_on, start, total, cancelled } = booking;
  const deposit = depositOf(total);
  const payments: InventedPayment[] = [{ kind: "deposit", amount: deposit, paid_on: booked_on }];
  const due = addDays(start, -14);
  const balanceOn = due > booked_on ? due : booked_on;
  if (balanceOn <= (cancelled?.on ?? ANCHOR_DATE)) {
    payments.push({ kind: "balance", amount: total - deposit, paid_on: balanceOn });
  }
  if (cancelled === undefined) return { payments, refund: 0 };
  const paid = payments.reduce((sum, payment) => sum + payment.amount, 0);
  const refund = refundOf(paid, start, cancelled.on);
  if (refund > 0) payments.push({ kind: "refund", amount: refund, paid_on: cancelled.on });
  return { payments, refund };
}
