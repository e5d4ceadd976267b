import { z } from "zod";
import type { Business, BusinessReader } from "../business/open-business.ts";
import type { RestAnswer } from "./rest-error.ts";

/** What a route may use of a request. */
export interface RouteCall {
  readonly reader: BusinessReader;
  readonly writer: Business;
  /** The `:id` of the path; empty where it has none. */
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  /** Reads the body as JSON; throws a `RestError` where it is none. */
  readonly body: () => Promise<unknown>;
  /** The Idempotency-Key header; throws a `RestError` where it is missing. */
  readonly key: () => string;
}

/** One address: `:id` stands for one segment of the path. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly handle: (call: RouteCall) => Promise<RestAnswer>;
}

const page = { limit: z.coerce.number().int().min(1).max(200).default(50), after: z.string().optional() };
const stay = { start: z.iso.date(), end: z.iso.date() };

const PropertyQuery = z.strictObject({
  ...page,
  city: z.string().optional(),
  guests: z.coerce.number().int().positive().optional(),
  start: stay.start.optional(),
  end: stay.end.optional(),
  max_nightly_price: z.coerce.number().int().positive().optional(),
  amenities: z
    .string()
    .transform((list) => list.split(","))
    .optional(),
});
const QuoteQuery = z.strictObject({ ...stay, guests: z.coerce.number().int().positive() });
const BookingQuery = z.strictObject({
  ...page,
  ...stay,
  property_id: z.string().optional(),
  guest_id: z.string().optional(),
  owner_id: z.string().optional(),
  status: z.enum(["confirmed", "cancelled", "completed"]).optional(),
});
const NewBooking = z.strictObject({
  ...stay,
  property_id: z.string(),
  guest_id: z.string(),
  guests: z.int().positive(),
  quoted_total: z.int().positive(),
});
const CancelQuery = z.strictObject({ reason: z.string().min(1) });
const GuestQuery = z.strictObject({ ...page, text: z.string().default("") });
const NewContact = z
  .strictObject({ email: z.string().optional(), phone: z.string().optional() })
  .refine((contact) => contact.email !== undefined || contact.phone !== undefined, "give email, phone or both");

const ok = (body: unknown): RestAnswer => ({ status: 200, body });

/** All addresses of the API. */
export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/properties",
    handle: async ({ reader, query }) => ok(await reader.searchProperties(PropertyQuery.parse(query))),
  },
  {
    method: "GET",
    path: "/properties/:id",
    handle: async ({ reader, id }) =>
      ok({
        ...(await reader.getProperty(id)),
        amenities: await reader.amenitiesOf(id),
        seasons: await reader.seasonsOf(id),
      }),
  },
  {
    method: "GET",
    path: "/properties/:id/quote",
    handle: async ({ reader, id, query }) =>
      ok(await reader.quoteStay({ property_id: id, ...QuoteQuery.parse(query) })),
  },
  {
    method: "GET",
    path: "/bookings",
    handle: async ({ reader, query }) => ok(await reader.findBookings(BookingQuery.parse(query))),
  },
  {
    method: "GET",
    path: "/bookings/:id",
    handle: async ({ reader, id }) => ok({ ...(await reader.getBooking(id)), payments: await reader.paymentsOf([id]) }),
  },
  {
    method: "POST",
    path: "/bookings",
    handle: async ({ writer, body, key }) => {
      const booking = await writer.createBooking(NewBooking.parse(await body()), { key: key() });
      return { status: 201, body: booking, headers: { location: `/bookings/${booking.booking_id}` } };
    },
  },
  {
    method: "DELETE",
    path: "/bookings/:id",
    handle: async ({ writer, id, query, key }) => {
      const { reason } = CancelQuery.parse(query);
      return ok(await writer.cancelBooking({ booking_id: id, reason }, { key: key() }));
    },
  },
  {
    method: "GET",
    path: "/guests",
    handle: async ({ reader, query }) => ok(await reader.searchGuests(GuestQuery.parse(query))),
  },
  { method: "GET", path: "/guests/:id", handle: async ({ reader, id }) => ok(await reader.getGuest(id)) },
  {
    method: "PATCH",
    path: "/guests/:id",
    handle: async ({ writer, id, body, key }) =>
      ok(await writer.updateGuestContact({ guest_id: id, ...NewContact.parse(await body()) }, { key: key() })),
  },
];
