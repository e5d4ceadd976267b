import type { Connection } from "../connection.ts";
import { toId } from "../counters.ts";
import { inventPerson, toEmail } from "./people.ts";
import type { Random } from "./random.ts";

/** So many guests there are, numbered from 1. */
export const GUEST_COUNT = 2_500;

/** The id of the n-th guest. */
export function guestId(number: number): string {
  return toId("guest", 5, number);
}

/** Writes the guests. */
export function seedGuests(connection: Connection, random: Random): void {
  const taken = new Set<string>();
  for (let number = 1; number <= GUEST_COUNT; number++) {
    const { name, phone, country } = inventPerson(random, taken);
    connection.run(
      "INSERT INTO guests (guest_id, name, email, phone, country) VALUES (?, ?, ?, ?, ?)",
      guestId(number),
      name,
      toEmail(random, name, number),
      phone,
      country,
    );
  }
}
