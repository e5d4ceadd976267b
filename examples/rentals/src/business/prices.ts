import type { Queries } from "./database/tables.ts";
import { type Property, type Season, seasonsOf } from "./properties.ts";
import { countNights } from "./stay-dates.ts";

/** Consecutive nights at one price. */
export interface PricedNights {
  readonly season: string;
  readonly nights: number;
  readonly nightly_price: number;
  readonly amount: number;
}

/** What a stay costs; all amounts are cents of the property's currency. */
export interface StayPrice {
  readonly breakdown: readonly PricedNights[];
  readonly cleaning_fee: number;
  readonly total: number;
}

/** The dates of a stay; `end` is the day of departure. */
export interface Stay {
  readonly start: string;
  readonly end: string;
}

/** Prices every night of a stay by its season, the rest at the standard price. */
export async function priceStay(queries: Queries, property: Property, stay: Stay): Promise<StayPrice> {
  return priceBySeasons(property, stay, await seasonsOf(queries, property.property_id, stay));
}

/** As `priceStay`, from seasons at hand, which are in order and do not overlap. */
export function priceBySeasons(
  property: Pick<Property, "nightly_price" | "cleaning_fee">,
  stay: Stay,
  seasons: readonly Season[],
): StayPrice {
  const breakdown: PricedNights[] = [];
  const add = (season: string, span: Stay, price: number): void => {
    const nights = countNights(span.start, span.end);
    if (nights > 0) breakdown.push({ season, nights, nightly_price: price, amount: nights * price });
  };
  let day = stay.start;
  for (const season of seasons) {
    if (season.end <= stay.start || season.start >= stay.end) continue;
    const from = season.start > day ? season.start : day;
    const to = season.end < stay.end ? season.end : stay.end;
    add("standard", { start: day, end: from }, property.nightly_price);
    add(season.name, { start: from, end: to }, season.nightly_price);
    day = to;
  }
  add("standard", { start: day, end: stay.end }, property.nightly_price);
  const nightsAmount = breakdown.reduce((sum, part) => sum + part.amount, 0);
  return { breakdown, cleaning_fee: property.cleaning_fee, total: nightsAmount + property.cleaning_fee };
}
