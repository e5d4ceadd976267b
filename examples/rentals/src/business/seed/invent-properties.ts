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

/** A property with what belongs to it. */
export interface InventedProperty extends Property {
  readonly owner_id: string;
  readonly amenities: readonly string[];
  readonly seasons: readonly Season[];
}

/** Who lets homes. */
export interface InventedOwner {
  readonly owner_id: string;
  readonly name: string;
  readonly email: string;
}

/** Invents the owners. */
export function inventOwners(random: Random): readonly InventedOwner[] {
  const taken = new Set<string>();
  return Array.from({ length: OWNER_COUNT }, (_, index) => {
    const { name } = inventPerson(random, taken);
    return { owner_id: ownerId(index + 1), name, email: toEmail(random, name, index + 1) };
  });
}

/** Invents the properties with their amenities and seasons. */
export function inventProperties(random: Random): readonly InventedProperty[] {
  return Array.from({ length: PROPERTY_COUNT }, (_, index) => {
    const number = index + 1;
    const place = PLACES[number % PLACES.length] ?? PLACES[0];
    const property = inventProperty(random, place, number);
    // Every owner has one; the rest go to a few who have several.
    const owner_id = ownerId(number <= OWNER_COUNT ? number : random.integer(1, OWNER_COUNT / 2));
    return { ...property, owner_id, amenities: AMENITIES.filter((amenity) => random.chance(shareOf(amenity))) };
  });
}

function shareOf(amenity: string): number {
  return amenity === "wifi" || amenity === "kitchen" ? 0.95 : 0.4;
}

function inventProperty(random: Random, place: Place, number: number): Property & { seasons: readonly Season[] } {
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
