import { z } from "zod";

const cents = (what: string): z.ZodInt => z.int().describe(`${what}, in cents of the currency`);

export const PropertyId = z.string().max(40).describe("e.g. prop_0001");
export const BookingId = z.string().max(40).describe("e.g. book_000123");
export const GuestId = z.string().max(40).describe("e.g. guest_00042");
export const Party = z.int().min(1).max(50).describe("How many people stay");

/** The dates of a stay or of a search. */
export const dates = {
  start: z.iso.date().describe("First night, YYYY-MM-DD"),
  end: z.iso.date().describe("Day of departure, YYYY-MM-DD; not slept"),
};

/** What every list takes and gives. */
export const paging = {
  limit: z.int().min(1).max(100).default(20).describe("Rows at most"),
  cursor: z.string().max(1_000).optional().describe("next_cursor of the page before, with the same other arguments"),
};
export const nextCursor = z.string().optional().describe("There is more: pass it as cursor; absent on the last page");

export const Property = z.object({
  property_id: z.string(),
  name: z.string(),
  city: z.string(),
  country: z.string(),
  bedrooms: z.int(),
  capacity: z.int().describe("People it sleeps"),
  minimum_stay: z.int().describe("Nights"),
  nightly_price: cents("A night outside the seasons"),
  cleaning_fee: cents("Once a stay"),
  currency: z.string(),
});

export const Season = z.object({
  name: z.string(),
  start: z.string(),
  end: z.string(),
  nightly_price: cents("A night"),
});

export const Quote = z.object({
  quote_id: z.string().describe("New with every quote; reserves nothing"),
  property_id: z.string(),
  start: z.string(),
  end: z.string(),
  guests: z.int(),
  nights: z.int(),
  available: z.boolean(),
  breakdown: z
    .array(
      z.object({ season: z.string(), nights: z.int(), nightly_price: cents("A night"), amount: cents("These nights") }),
    )
    .min(1),
  cleaning_fee: cents("Once a stay"),
  total: cents("All of it"),
  currency: z.string(),
});

export const BookingStatus = z.enum(["confirmed", "cancelled", "completed"]);

export const Booking = z.object({
  booking_id: z.string(),
  property_id: z.string(),
  guest_id: z.string(),
  start: z.string(),
  end: z.string(),
  guests: z.int(),
  status: BookingStatus,
  total: cents("Price of the stay"),
  currency: z.string(),
  booked_on: z.string(),
});

export const Payment = z.object({
  payment_id: z.string(),
  booking_id: z.string(),
  kind: z.enum(["deposit", "balance", "refund"]),
  amount: cents("Always positive; a refund went to the guest"),
  currency: z.string(),
  paid_on: z.string(),
});

export const Cancellation = z.object({
  booking_id: z.string(),
  reason: z.string(),
  refund: cents("Goes back to the guest"),
  currency: z.string(),
  cancelled_on: z.string(),
});
