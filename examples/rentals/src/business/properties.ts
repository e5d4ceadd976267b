import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";

/** A property as anyone may see it; prices are cents of its currency. */
export interface Property {
  readonly property_id: string;
  readonly name: string;
  readonly city: string;
  readonly country: string;
  readonly bedrooms: number;
  readonly capacity: number;
  readonly minimum_stay: number;
  readonly nightly_price: number;
  readonly cleaning_fee: number;
  readonly currency: string;
}

/** Dates in which a night costs other than the property's standard price; `end` is not included. */
export interface Season {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly nightly_price: number;
}

/** The columns of a `Property`. */
export const PROPERTY_COLUMNS: string =
  "property_id, name, city, country, bedrooms, capacity, minimum_stay, nightly_price, cleaning_fee, currency";

/** Throws `not_found` where there is none. */
export function getProperty(connection: Connection, propertyId: string): Property {
  const property = connection.get<Property>(
    `SELECT ${PROPERTY_COLUMNS} FROM properties WHERE property_id = ?`,
    propertyId,
  );
  if (property === undefined) throw new BusinessError("not_found", `there is no property ${propertyId}`);
  return property;
}

/** Whose property it is, if it exists. */
export function ownerOf(connection: Connection, propertyId: string): string | undefined {
  const sql = "SELECT owner_id FROM properties WHERE property_id = ?";
  return connection.get<{ owner_id: string }>(sql, propertyId)?.owner_id;
}

/** What the property offers, in alphabetical order. */
export function amenitiesOf(connection: Connection, propertyId: string): readonly string[] {
  const sql = "SELECT amenity FROM property_amenities WHERE property_id = ? ORDER BY amenity";
  return connection.all<{ amenity: string }>(sql, propertyId).map((row) => row.amenity);
}

/** The property's seasons that touch the given dates, or all of them, oldest first. */
export function seasonsOf(
  connection: Connection,
  propertyId: string,
  range: { readonly start: string; readonly end: string } = { start: "0000-01-01", end: "9999-12-31" },
): readonly Season[] {
  return connection.all<Season>(
    `SELECT name, start_date AS start, end_date AS "end", nightly_price FROM seasons
     WHERE property_id = ? AND start_date < ? AND end_date > ? ORDER BY start_date`,
    propertyId,
    range.end,
    range.start,
  );
}
