import { BusinessError } from "./business-error.ts";
import type { Queries } from "./database/tables.ts";

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

interface Range {
  readonly start: string;
  readonly end: string;
}

/** The columns of a `Property`. */
export const PROPERTY_COLUMNS = [
  "property_id",
  "name",
  "city",
  "country",
  "bedrooms",
  "capacity",
  "minimum_stay",
  "nightly_price",
  "cleaning_fee",
  "currency",
] as const;

const ALL_TIME = { start: "0001-01-01", end: "9999-12-31" } as const;

/** Throws `not_found` where there is none. */
export async function getProperty(queries: Queries, propertyId: string): Promise<Property> {
  const property = await queries
    .selectFrom("properties")
    .select(PROPERTY_COLUMNS)
    .where("property_id", "=", propertyId)
    .executeTakeFirst();
  if (property === undefined) throw new BusinessError("not_found", `there is no property ${propertyId}`);
  return property;
}

/** Whose property it is, if it exists. */
export async function ownerOf(queries: Queries, propertyId: string): Promise<string | undefined> {
  const row = await queries
    .selectFrom("properties")
    .select("owner_id")
    .where("property_id", "=", propertyId)
    .executeTakeFirst();
  return row?.owner_id;
}

/** What the property offers, in alphabetical order. */
export async function amenitiesOf(queries: Queries, propertyId: string): Promise<readonly string[]> {
  const rows = await queries
    .selectFrom("property_amenities")
    .select("amenity")
    .where("property_id", "=", propertyId)
    .orderBy("amenity")
    .execute();
  return rows.map((row) => row.amenity);
}

/** The property's seasons that touch the given dates, or all of them, oldest first. */
export async function seasonsOf(
  queries: Queries,
  propertyId: string,
  range: Range = ALL_TIME,
): Promise<readonly Season[]> {
  return (await seasonsOfAll(queries, [propertyId], range)).get(propertyId) ?? [];
}

/** The seasons of each of the properties that touch the given dates, oldest first; no entry where there are none. */
export async function seasonsOfAll(
  queries: Queries,
  propertyIds: readonly string[],
  range: Range,
): Promise<ReadonlyMap<string, readonly Season[]>> {
  if (propertyIds.length === 0) return new Map();
  const rows = await queries
    .selectFrom("seasons")
    .select(["property_id", "name", "start_date as start", "end_date as end", "nightly_price"])
    .where("property_id", "in", propertyIds)
    .where("start_date", "<", range.end)
    .where("end_date", ">", range.start)
    .orderBy("start_date")
    .execute();
  const seasons = new Map<string, Season[]>();
  for (const { property_id, ...season } of rows) {
    const known = seasons.get(property_id);
    if (known === undefined) seasons.set(property_id, [season]);
    else known.push(season);
  }
  return seasons;
}
