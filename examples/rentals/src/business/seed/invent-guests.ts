import { toId } from "../counters.ts";
import type { Guest } from "../guests.ts";
import { inventPerson, toEmail } from "./people.ts";
import type { Random } from "./random.ts";

/** So many guests there are, numbered from 1. */
export const GUEST_COUNT = 2_500;

/** The id of the n-th guest. */
export function guestId(number: number): string {
  return toId("guest", 5, number);
}

/** Invents the guests. */
export function inventGuests(random: Random): readonly Guest[] {
  const taken = new Set<string>();
  return Array.from({ length: GUEST_COUNT }, (_, index) => {
    const { name, phone, country } = inventPerson(random, taken);
    return { guest_id: guestId(index + 1), name, email: toEmail(random, name, index + 1), phone, country };
  });
}
