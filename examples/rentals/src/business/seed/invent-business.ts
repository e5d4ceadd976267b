import type { Insertable } from "kysely";
import { toCountedId } from "../counters.ts";
import type { BusinessTables } from "../database/tables.ts";
import { inventBookings, type NumberedBooking } from "./invent-bookings.ts";
import { inventGuests } from "./invent-guests.ts";
import { type InventedProperty, inventOwners, inventProperties } from "./invent-properties.ts";
import { Random } from "./random.ts";

const SEED = 20_261_101;

/** The rows of each table. */
export type BusinessRows = { readonly [Table in keyof BusinessTables]: readonly Insertable<BusinessTables[Table]>[] };

/** Invents the example's data: the same rows each time, in an order in which no row comes before what it refers to. */
export function inventBusiness(): BusinessRows {
  const random = new Random(SEED);
  const owners = inventOwners(random);
  const properties = inventProperties(random);
  const guests = inventGuests(random);
  const bookings = inventBookings(random, properties);
  const payments = paymentRows(bookings);
  return {
    owners,
    properties: properties.map(({ amenities: _amenities, seasons: _seasons, ...property }) => property),
    property_amenities: properties.flatMap(({ property_id, amenities }) =>
      amenities.map((amenity) => ({ property_id, amenity })),
    ),
    seasons: properties.flatMap(seasonRows),
    guests,
    contact_changes: [],
    bookings: bookings.map(toBookingRow),
    cancellations: bookings.flatMap(cancellationRows),
    payments,
    counters: [
      { name: "book", value: bookings.length },
      { name: "pay", value: payments.length },
    ],
  };
}

function seasonRows({ property_id, seasons }: InventedProperty): BusinessRows["seasons"] {
  return seasons.map(({ start, end, ...season }) => ({ property_id, start_date: start, end_date: end, ...season }));
}

function toBookingRow(booking: NumberedBooking): BusinessRows["bookings"][number] {
  const { property, start, end, cancelled: _cancelled, payments: _payments, refund: _refund, ...row } = booking;
  const { property_id, currency } = property;
  return { ...row, property_id, currency, start_date: start, end_date: end };
}

function cancellationRows({ booking_id, property, cancelled, refund }: NumberedBooking): BusinessRows["cancellations"] {
  if (cancelled === undefined) return [];
  return [{ booking_id, reason: cancelled.reason, refund, currency: property.currency, cancelled_on: cancelled.on }];
}

function paymentRows(bookings: readonly NumberedBooking[]): BusinessRows["payments"] {
  return bookings
    .flatMap(({ booking_id, property, payments }) =>
      payments.map((payment) => ({ booking_id, currency: property.currency, ...payment })),
    )
    .map((payment, index) => ({ payment_id: toCountedId("pay", index + 1), ...payment }));
}
