import type { SQLInputValue } from "node:sqlite";
import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";
import { type Page, type PageRequest, parseCursor, toPage } from "./pages.ts";
import { priceStay, type Stay } from "./prices.ts";
import { PROPERTY_COLUMNS, type Property } from "./properties.ts";
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
export function searchProperties(connection: Connection, search: PropertySearch): Page<FoundProperty> {
  const stay = stayOf(search);
  const found: FoundProperty[] = [];
  for (const property of candidates(connection, search, stay)) {
    if (found.length > search.limit) break;
    const fitting = priced(connection, property, { stay, highest: search.max_nightly_price });
    if (fitting !== undefined) found.push(fitting);
  }
  return toPage(found, search.limit, (property) => property.property_id);
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
function priced(
  connection: Connection,
  property: Property,
  { stay, highest = Number.POSITIVE_INFINITY }: { stay: Stay | undefined; highest: number | undefined },
): FoundProperty | undefined {
  if (stay === undefined) return property.nightly_price <= highest ? property : undefined;
  const price = priceStay(connection, property, stay);
  const dear = price.breakdown.some((part) => part.nightly_price > highest);
  return dear ? undefined : { ...property, stay_total: price.total };
}

function candidates(connection: Connection, search: PropertySearch, stay: Stay | undefined): readonly Property[] {
  const conditions: string[] = [];
  const parameters: SQLInputValue[] = [];
  const demand = (condition: string, ...values: readonly SQLInputValue[]): void => {
    conditions.push(condition);
    parameters.push(...values);
  };
  demand("property_id > ?", search.after === undefined ? "" : (parseCursor(search.after, 1)[0] ?? ""));
  if (search.city !== undefined) demand("city = ? COLLATE NOCASE", search.city);
  if (search.owner_id !== undefined) demand("owner_id = ?", search.owner_id);
  if (search.guests !== undefined) demand("capacity >= ?", search.guests);
  if (search.amenities !== undefined && search.amenities.length > 0) {
    demand(
      `NOT EXISTS (SELECT value FROM json_each(?) EXCEPT
       SELECT amenity FROM property_amenities AS offered WHERE offered.property_id = properties.property_id)`,
      JSON.stringify(search.amenities),
    );
  }
  if (stay !== undefined) {
    demand("minimum_stay <= ?", checkStay(stay.start, stay.end));
    demand(
      `NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.property_id = properties.property_id
       AND status <> 'cancelled' AND start_date < ? AND start_date > ? AND end_date > ?)`,
      stay.end,
      addDays(stay.start, -LONGEST_STAY),
      stay.start,
    );
  }
  const sql = `SELECT ${PROPERTY_COLUMNS} FROM properties WHERE ${conditions.join(" AND ")} ORDER BY property_id`;
  return connection.all<Property>(sql, ...parameters);
}
