import type { Connection } from "../connection.ts";
import { toId } from "../counters.ts";
import type { Property, Season } from "../properties.ts";
import { inventPerson, toEmail } from "./people.ts";
import { PLACES, type Place } from "./places.ts";
import type { Random } from "./random.ts";

const PROPERTY_COUNT = 120;
const OWNER_COUNT = 40;
const YEARS: readonly number[] = [2024, 2025, 2026, 2027, 2028];

const KINDS: readonly [string, ...string[]] = ["apartment", "loft", "studio", "house", "flat", "duplex", "penthouse"];
const MOODS: readonly [string, ...string[]] = ["Sunny", "Quiet", "Bright", "Old", "Airy", "Cosy", "Painted", "Corner"];
const AMENITIES: readonly [string, ...string[]] = [
  "air_conditioning",
  "balcony",
  "cot",
  "dishwasher",
  "elevator",
  "garden",
  "kitchen",
  "parking",
  "pets_allowed",
  "pool",
  "sauna",
  "step_free",
  "washing_machine",
  "wifi",
];

/** A property with the seasons that its nights are priced by. */
export interface SeededProperty extends Property {
  readonly seasons: readonly Season[];
}

/** Writes owners, properties, amenities and seasons; returns the properties for what is booked in them. */
export function seedProperties(connection: Connection, random: Random): readonly SeededProperty[] {
  const taken = new Set<string>();
  for (let number = 1; number <= OWNER_COUNT; number++) {
    const { name } = inventPerson(random, taken);
    const email = toEmail(random, name, number);
    connection.run("INSERT INTO owners (owner_id, name, email) VALUES (?, ?, ?)", ownerId(number), name, email);
  }
  return Array.from({ length: PROPERTY_COUNT }, (_, index) => seedProperty(connection, random, index + 1));
}

function seedProperty(connection: Connection, random: Random, number: number): SeededProperty {
  const place = PLACES[number % PLACES.length] ?? PLACES[0];
  const property = inventProperty(random, place, number);
  connection.run(
    `INSERT INTO properties (property_id, owner_id, name, city, country, bedrooms, capacity, minimum_stay,
     nightly_price, cleaning_fee, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    property.property_id,
    // Every owner has one; the rest go to a few who have several.
    ownerId(number <= OWNER_COUNT ? number : random.integer(1, OWNER_COUNT / 2)),
    property.name,
    property.city,
    property.country,
    property.bedrooms,
    property.capacity,
    property.minimum_stay,
    property.nightly_price,
    property.cleaning_fee,
    property.currency,
  );
  for (const amenity of AMENITIES) {
    const common = amenity === "wifi" || amenity === "kitchen";
    if (!random.chance(common ? 0.95 : 0.4)) continue;
    connection.run(
      "INSERT INTO property_amenities (property_id, amenity) VALUES (?, ?)",
      property.property_id,
      amenity,
    );
  }
  for (const season of property.seasons) {
    connection.run(
      "INSERT INTO seasons (property_id, start_date, end_date, name, nightly_price) VALUES (?, ?, ?, ?, ?)",
      property.property_id,
      season.start,
      season.end,
      season.name,
      season.nightly_price,
    );
  }
  return property;
}

function inventProperty(random: Random, place: Place, number: number): SeededProperty {
  const kind = random.pick(KINDS);
  const bedrooms = kind === "studio" ? 1 : random.integer(1, 4);
  const sizePercent = 100 + (bedrooms - 1) * 45 + random.integer(-20, 30);
  const nightlyPrice = roundPrice(place.nightlyPrice * sizePercent);
  return {
    property_id: toId("prop", 4, number),
    name: `${random.pick(MOODS)} ${kind} in ${random.pick(place.districts)}`,
    city: place.city,
    country: place.country,
    bedrooms,
    capacity: bedrooms * 2 + random.integer(0, 1),
    minimum_stay: random.pick([1, 2, 2, 3]),
    nightly_price: nightlyPrice,
    cleaning_fee: roundPrice(place.nightlyPrice * (25 + bedrooms * 15)),
    currency: place.currency,
    seasons: seasonsOfYears(place, nightlyPrice),
  };
}

function seasonsOfYears(place: Place, nightlyPrice: number): readonly Season[] {
  const seasons = YEARS.flatMap((year) =>
    place.seasons.map(({ name, from, to, percent }) => ({
      name,
      start: `${year}-${from}`,
      end: `${to > from ? year : year + 1}-${to}`,
      nightly_price: roundPrice(nightlyPrice * percent),
    })),
  );
  return seasons.toSorted((a, b) => (a.start < b.start ? -1 : 1));
}

/** Cents out of cents times percent, to a whole unit of currency, as people set prices. */
function roundPrice(centsTimesPercent: number): number {
  return Math.round(centsTimesPercent / 10_000) * 100;
}

function ownerId(number: number): string {
  return toId("owner", 3, number);
}
