import { defineDomain } from "callgate";
import { z } from "zod";
import type { Business } from "../business/open-business.ts";
import { mayTouchBooking, mayTouchGuest, mayTouchProperty, ownerIdOf } from "./access.ts";
import {
  Booking,
  BookingId,
  BookingStatus,
  Cancellation,
  dates,
  GuestId,
  nextCursor,
  Party,
  Payment,
  Property,
  PropertyId,
  paging,
  Quote,
  Season,
} from "./booking-schemas.ts";
import { businessCall } from "./business-call.ts";
import { GuestCard, toGuestCard } from "./guest-card.ts";
import { toMoney } from "./money.ts";
import { rentalsBackend } from "./rentals-backend.ts";

const EVERYONE = ["team", "owner", "client", "onboarding"];
const FIND_PROPERTY = "Call search_properties for ids that exist.";
const FIND_BOOKING = "Call find_bookings for ids that exist.";

/** Homes to let, what they cost, and who stays in them when. */
export const bookings = defineDomain<Business>("bookings", {
  owner: "team-stays",
  purpose: "Finding, pricing, booking and cancelling stays in the homes that the business lets.",
  concern: "An agent must never double-book a home, or cancel a paid stay that nobody asked it to cancel.",
  backend: rentalsBackend,
  smoke: {
    checks: [
      {
        call: "find_bookings",
        with: { property_id: "prop_0001", start: "2027-01-01", end: "2027-03-01" },
        expect: (result: { readonly bookings: readonly unknown[] }) => result.bookings.length > 0,
      },
    ],
    refusesWrites: (business) => business.changeNothing(),
  },
});

bookings.read("search_properties", {
  description:
    "Search homes to let by city, party size, amenities and price. With start and end, only homes free for that whole stay " +
    "are found, with what it costs. Use it to see what can be booked; use get_property for one home's details.",
  scope: "properties:read",
  modes: EVERYONE,
  input: z.object({
    city: z.string().max(100).optional().describe("e.g. Lisbon"),
    guests: Party.optional(),
    start: dates.start.optional(),
    end: dates.end.optional(),
    max_nightly_price: z.int().positive().optional().describe("Cents that no night may exceed"),
    amenities: z.array(z.string().max(60)).max(10).optional().describe("All of them, e.g. wifi, parking, pets_allowed"),
    ...paging,
  }),
  output: z.object({
    properties: z.array(
      Property.extend({ stay_total: z.int().optional().describe("Cents for the whole stay, where dates were given") }),
    ),
    next_cursor: nextCursor,
  }),
  run: async ({ cursor, ...search }, { backend, subject }) => {
    const owner_id = ownerIdOf(subject);
    const { items, next } = await businessCall(() => backend.searchProperties({ ...search, owner_id, after: cursor }));
    return { properties: [...items], ...(next !== undefined && { next_cursor: next }) };
  },
});

bookings.read("get_property", {
  description:
    "Get one home by its id: size, prices, minimum stay. include adds its amenities and the seasons in which nights cost " +
    "more or less. Use quote_stay for the price of given dates.",
  scope: "properties:read",
  modes: EVERYONE,
  input: z.object({ property_id: PropertyId }),
  output: Property,
  include: { amenities: z.array(z.string()), seasons: z.array(Season) },
  guard: ({ input, subject }) => mayTouchProperty(subject, input.property_id),
  run: async ({ property_id }, { backend, include }) => {
    const property = await businessCall(() => backend.getProperty(property_id), FIND_PROPERTY);
    return {
      ...property,
      ...(include.has("amenities") && { amenities: [...(await backend.amenitiesOf(property_id))] }),
      ...(include.has("seasons") && { seasons: [...(await backend.seasonsOf(property_id))] }),
    };
  },
});

bookings.read("quote_stay", {
  description:
    "Price a stay in one home, night by night with its cleaning fee, and say whether the home is free. Nothing is reserved. " +
    "Use it before create_booking, or for a question about price or availability.",
  scope: "properties:read",
  modes: EVERYONE,
  input: z.object({ property_id: PropertyId, ...dates, guests: Party.default(1) }),
  output: Quote,
  guard: ({ input, subject }) => mayTouchProperty(subject, input.property_id),
  run: async (input, { backend }) => {
    const quote = await businessCall(() => backend.quoteStay(input), FIND_PROPERTY);
    return { ...quote, breakdown: [...quote.breakdown] };
  },
});

bookings.read("find_bookings", {
  description:
    "Find the bookings whose stay touches a range of dates, by arrival: of one home, of one guest, or of all that the caller " +
    "may see. include adds the guests and the payments of what was found. Use get_booking for one whose id is known.",
  scope: "bookings:read",
  modes: ["team", "owner", "client"],
  accountField: "guest_id",
  maxResultBytes: 131_072,
  input: z.object({
    property_id: PropertyId.optional(),
    guest_id: GuestId.optional(),
    ...dates,
    status: BookingStatus.optional().describe("confirmed: to come or under way; completed: over; left out, all"),
    ...paging,
  }),
  output: z.object({ bookings: z.array(Booking), next_cursor: nextCursor }),
  include: { guests: z.array(GuestCard), payments: z.array(Payment) },
  guard: async ({ input, subject }) =>
    mayTouchGuest(subject, input.guest_id) &&
    (input.property_id === undefined || (await mayTouchProperty(subject, input.property_id))),
  run: async ({ cursor, ...search }, { backend, include, subject }) => {
    const owner_id = ownerIdOf(subject);
    const { items, next } = await businessCall(() => backend.findBookings({ ...search, owner_id, after: cursor }));
    const guestIds = items.map((booking) => booking.guest_id);
    const bookingIds = items.map((booking) => booking.booking_id);
    return {
      bookings: [...items],
      ...(next !== undefined && { next_cursor: next }),
      ...(include.has("guests") && { guests: (await backend.guestsById(guestIds)).map(toGuestCard) }),
      ...(include.has("payments") && { payments: [...(await backend.paymentsOf(bookingIds))] }),
    };
  },
});

bookings.read("get_booking", {
  description:
    "Get one booking by its id: home, guest, dates, status, price. include adds the guest, the home and the payments. Use it " +
    "for a question about one stay.",
  scope: "bookings:read",
  modes: ["team", "owner", "client"],
  input: z.object({ booking_id: BookingId }),
  output: Booking,
  include: { guest: GuestCard, property: Property, payments: z.array(Payment) },
  guard: ({ input, subject }) => mayTouchBooking(subject, input.booking_id),
  run: async ({ booking_id }, { backend, include }) => {
    const booking = await businessCall(() => backend.getBooking(booking_id), FIND_BOOKING);
    return {
      ...booking,
      ...(include.has("guest") && { guest: toGuestCard(await backend.getGuest(booking.guest_id)) }),
      ...(include.has("property") && { property: await backend.getProperty(booking.property_id) }),
      ...(include.has("payments") && { payments: [...(await backend.paymentsOf([booking_id]))] }),
    };
  },
});

bookings.write("create_booking", {
  description:
    "Book a stay for a guest at the price of now, and take the deposit. Use dry_run first to show the guest what it costs. " +
    "Refused where the home is not free, too small, or the stay too short.",
  scope: "bookings:write",
  modes: ["team", "client"],
  accountField: "guest_id",
  input: z.object({ property_id: PropertyId, guest_id: GuestId, ...dates, guests: Party.default(1) }).meta({
    examples: [
      { property_id: "prop_0001", guest_id: "guest_00042", start: "2029-10-05", end: "2029-10-10", guests: 1 },
    ],
  }),
  output: Booking,
  guard: ({ input, subject }) => mayTouchGuest(subject, input.guest_id),
  plan: (input, { backend }) =>
    businessCall(async () => {
      const { property, guest, quote, deposit } = await backend.previewBooking(input);
      const { quote_id, currency, breakdown, cleaning_fee, total, ...stay } = quote;
      const money = (cents: number): string => toMoney(cents, currency);
      return {
        preview: {
          action: "create_booking",
          property: property.name,
          guest: guest.name,
          ...stay,
          total: money(total),
          deposit: money(deposit),
          cleaning_fee: money(cleaning_fee),
          breakdown: breakdown.map(({ nightly_price, amount, ...nights }) => ({
            ...nights,
            nightly_price: money(nightly_price),
            amount: money(amount),
          })),
        },
        request: { ...input, quoted_total: total },
        quote_id,
      };
    }, FIND_PROPERTY),
  volatile: ["quote_id"],
  commit: ({ request }, { backend, idempotencyKey }) =>
    businessCall(() => backend.createBooking(request, { key: idempotencyKey })),
  lookup: (key, { backend }) => backend.bookingByKey(key),
  undo: ({ booking_id }, { backend, idempotencyKey }) =>
    businessCall(() =>
      backend.cancelBooking({ booking_id, reason: "taken back", refund: "full" }, { key: idempotencyKey }),
    ),
});

bookings.destructive("cancel_booking", {
  description:
    "Cancel a booking that has not ended and refund what is due: all that was paid until 14 days before arrival, half until " +
    "7, then nothing. Use dry_run first to see the refund. It cannot be taken back: the home is free for others at once.",
  scope: "bookings:write",
  modes: ["team"],
  input: z
    .object({
      booking_id: BookingId,
      cancellation_reason: z.string().min(3).max(300).describe("Why the guest cancels; kept with the booking"),
    })
    .meta({ examples: [{ booking_id: "book_010994", cancellation_reason: "The guest is ill" }] }),
  output: Cancellation,
  plan: ({ booking_id, cancellation_reason }, { backend }) =>
    businessCall(async () => {
      const { booking, paid, refund, days_before_arrival } = await backend.previewCancellation(booking_id);
      const { total, currency, ...stay } = booking;
      const money = (cents: number): string => toMoney(cents, currency);
      const sums = { total: money(total), paid: money(paid), refund: money(refund) };
      return {
        preview: { action: "cancel_booking", ...stay, ...sums, days_before_arrival },
        request: { booking_id, reason: cancellation_reason },
        refund,
      };
    }, FIND_BOOKING),
  // People at the front desk cancel by themselves. What an agent wants to cancel its person sees first; of much money another one.
  approval: {
    level: "none",
    rules: [
      {
        when: "subject.kind == 'agent'",
        level: "owner",
        because: "An agent cancels only what its person has agreed to.",
      },
      {
        when: ({ plan, subject }) => subject.kind === "agent" && plan.refund > 100_000,
        level: "operator",
        because: "More than 1,000 would go back.",
      },
    ],
  },
  commit: ({ request }, { backend, idempotencyKey }) =>
    businessCall(() => backend.cancelBooking(request, { key: idempotencyKey })),
  lookup: (key, { backend }) => backend.cancellationByKey(key),
});
