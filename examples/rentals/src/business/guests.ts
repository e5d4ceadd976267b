import { sql } from "kysely";
import { toAsciiLower } from "./ascii-lower.ts";
import { BusinessError } from "./business-error.ts";
import type { Queries } from "./database/tables.ts";
import { type Page, type PageRequest, parseCursor, toPage } from "./pages.ts";

/** A person who books; `phone` is E.164, `country` ISO 3166-1 alpha-2. */
export interface Guest {
  readonly guest_id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly country: string;
}

/** Words that all occur in a guest's name, email or phone. */
export interface GuestSearch extends PageRequest {
  readonly text: string;
}

const GUEST_COLUMNS = ["guest_id", "name", "email", "phone", "country"] as const;

const selectGuest = (queries: Queries) => queries.selectFrom("guests").select(GUEST_COLUMNS);

/** Guests that fit, by id. */
export async function searchGuests(queries: Queries, { text, limit, after }: GuestSearch): Promise<Page<Guest>> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  let found = selectGuest(queries);
  if (after !== undefined) found = found.where("guest_id", ">", parseCursor(after, 1)[0] ?? "");
  for (const word of words) {
    const pattern = `%${toAsciiLower(word).replaceAll(/[\\%_]/g, "\\$&")}%`;
    found = found.where(sql<boolean>`lower(name || ' ' || email || ' ' || phone) LIKE ${pattern} ESCAPE '\\'`);
  }
  const rows = await found
    .orderBy("guest_id")
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, (guest) => guest.guest_id);
}

/** Throws `not_found` where there is none. */
export async function getGuest(queries: Queries, guestId: string): Promise<Guest> {
  const guest = await selectGuest(queries).where("guest_id", "=", guestId).executeTakeFirst();
  if (guest === undefined) throw new BusinessError("not_found", `there is no guest ${guestId}`);
  return guest;
}

/** Those of the named guests that exist, by id. */
export async function guestsById(queries: Queries, guestIds: readonly string[]): Promise<readonly Guest[]> {
  if (guestIds.length === 0) return [];
  return await selectGuest(queries)
    .where("guest_id", "in", [...new Set(guestIds)])
    .orderBy("guest_id")
    .execute();
}

/** The guest whose number this is, if it is one's. */
export async function guestByPhone(queries: Queries, phone: string): Promise<Guest | undefined> {
  return await selectGuest(queries).where("phone", "=", phone).executeTakeFirst();
}
