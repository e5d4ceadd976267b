import { randomUUID } from "node:crypto";
import { BusinessError } from "./business-error.ts";
import type { Queries } from "./database/tables.ts";
import { priceStay, type Stay, type StayPrice } from "./prices.ts";
import { getProperty, type Property } from "./properties.ts";
import { addDays, checkStay, LONGEST_STAY } from "./stay-dates.ts";

/** What is asked for: one property, for these dates and so many people. */
export interface StayRequest extends Stay {
  readonly property_id: string;
  readonly guests: number;
}

/** The price of a stay. `quote_id` is new with every quote and reserves nothing. */
export interface Quote extends StayRequest, StayPrice {
  readonly quote_id: string;
  readonly nights: number;
  readonly currency: string;
  readonly available: boolean;
}

/** Prices a stay and says whether it is free; throws `not_found`, `invalid_dates`, `stay_too_long`, `too_many_guests` or `min_stay`. */
export async function quoteStay(queries: Queries, request: StayRequest): Promise<Quote> {
  const { property_id, start, end, guests } = request;
  const property = await getProperty(queries, property_id);
  const nights = checkHouseRules(property, request);
  return {
    quote_id: `quote_${randomUUID()}`,
    property_id,
    start,
    end,
    guests,
    nights,
    currency: property.currency,
    ...(await priceStay(queries, property, request)),
    available: await isAvailable(queries, property_id, request),
  };
}

/** True where no booking that still stands touches these nights. */
export async function isAvailable(queries: Queries, propertyId: string, { start, end }: Stay): Promise<boolean> {
  const taken = await queries
    .selectFrom("bookings")
    .select("booking_id")
    .where("property_id", "=", propertyId)
    .where("status", "<>", "cancelled")
    .where("start_date", "<", end)
    .where("start_date", ">", addDays(start, -LONGEST_STAY))
    .where("end_date", ">", start)
    .limit(1)
    .executeTakeFirst();
  return taken === undefined;
}

function checkHouseRules(property: Property, { start, end, guests }: StayRequest): number {
  const nights = checkStay(start, end);
  const { property_id, capacity, minimum_stay } = property;
  if (guests > capacity) {
    throw new BusinessError("too_many_guests", `${property_id} sleeps ${capacity}, not ${guests}`);
  }
  if (nights < minimum_stay) {
    throw new BusinessError("min_stay", `${property_id} is let for ${minimum_stay} nights or more, not ${nights}`);
  }
  return nights;
}
