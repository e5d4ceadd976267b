import type { SelectQueryBuilder } from "kysely";
import { toAsciiLower } from "./ascii-lower.ts";
import { BusinessError } from "./business-error.ts";
import type { BusinessTables, Queries } from "./database/tables.ts";
import { type Page, type PageRequest, parseCursor, toPage } from "./pages.ts";
import { priceBySeasons, type Stay } from "./prices.ts";
import { PROPERTY_COLUMNS, type Property, seasonsOfAll } from "./properties.ts";
import { addDays, checkStay, LONGEST_STAY } from "./stay-dates.ts";

/** What a property must offer. With `start` and `end`, it is free for that stay, and its price is that of those nights. */
export interface PropertySearch extends PageRequest {
  readonly city?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly guests?: number | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly max_nightly_price?: number | undefined;
  readonly amenities?: readonly string[] | undefined;
}

/** A property that fits; `stay_total` is the price of the whole stay in cents, where the search named one. */
export interface FoundProperty extends Property {
  readonly stay_total?: number;
}

/** Properties that fit, by id. */
export async function searchProperties(queries: Queries, search: PropertySearch): Promise<Page<FoundProperty>> {
  const stay = stayOf(search);
  const properties = await candidates(queries, search, stay);
  const found = await priced(queries, properties, stay);
  const { max_nightly_price: highest = Number.POSITIVE_INFINITY, limit } = search;
  const fitting = found.filter(({ dearest_night }) => dearest_night <= highest).slice(0, limit + 1);
  return toPage(
    fitting.map(({ dearest_night: _dearest, ...property }) => property),
    limit,
    (property) => property.property_id,
  );
}

interface PricedProperty extends FoundProperty {
  readonly dearest_night: number;
}

function stayOf({ start, end }: PropertySearch): Stay | undefined {
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    throw new BusinessError("invalid_dates", "give both start and end, or neither");
  }
  checkStay(start, end);
  return { start, end };
}

// Prices depend on the season of each night, so they are compared here and not in SQL.
async function priced(
  queries: Queries,
  properties: readonly Property[],
  stay: Stay | undefined,
): Promise<PricedProperty[]> {
  if (stay === undefined) {
    return properties.map((property) => ({ ...property, dearest_night: property.nightly_price }));
  }
  const ids = properties.map((property) => property.property_id);
  const seasons = await seasonsOfAll(queries, ids, stay);
  return properties.map((property) => {
    const { breakdown, total } = priceBySeasons(property, stay, seasons.get(property.property_id) ?? []);
    const dearest_night = Math.max(...breakdown.map((part) => part.nightly_price));
    return { ...property, stay_total: total, dearest_night };
  });
}

async function candidates(
  queries: Queries,
  search: PropertySearch,
  stay: Stay | undefined,
): Promise<readonly Property[]> {
  const { after, city, owner_id, guests, amenities = [] } = search;
  let found = queries.selectFrom("properties").select(PROPERTY_COLUMNS);
  if (after !== undefined) found = found.where("property_id", ">", parseCursor(after, 1)[0] ?? "");
  if (city !== undefined) found = found.where((eb) => eb(eb.fn<string>("lower", ["city"]), "=", toAsciiLower(city)));
  if (owner_id !== undefined) found = found.where("owner_id", "=", owner_id);
  if (guests !== undefined) found = found.where("capacity", ">=", guests);
  for (const amenity of amenities) {
    const offering = queries.selectFrom("property_amenities").select("property_id").where("amenity", "=", amenity);
    found = found.where("property_id", "in", offering);
  }
  if (stay !== undefined) {
    found = found
      .where("minimum_stay", "<=", checkStay(stay.start, stay.end))
      .where("property_id", "not in", takenDuring(queries, stay));
  }
  return await found.orderBy("property_id").execute();
}

function takenDuring(
  queries: Queries,
  { start, end }: Stay,
): SelectQueryBuilder<BusinessTables, "bookings", { property_id: string }> {
  return queries
    .selectFrom("bookings")
    .select("property_id")
    .where("status", "<>", "cancelled")
    .where("start_date", "<", end)
    .where("start_date", ">", addDays(start, -LONGEST_STAY))
    .where("end_date", ">", start);
}
