import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";
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

const GUEST_COLUMNS = "guest_id, name, email, phone, country";

/** Guests that fit, by id. */
export function searchGuests(connection: Connection, { text, limit, after }: GuestSearch): Page<Guest> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const conditions = ["guest_id > ?", ...words.map(() => "name || ' ' || email || ' ' || phone LIKE ? ESCAPE '\\'")];
  const rows = connection.all<Guest>(
    `SELECT ${GUEST_COLUMNS} FROM guests WHERE ${conditions.join(" AND ")} ORDER BY guest_id LIMIT ?`,
    after === undefined ? "" : (parseCursor(after, 1)[0] ?? ""),
    ...words.map((word) => `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`),
    limit + 1,
  );
  return toPage(rows, limit, (guest) => guest.guest_id);
}

/** Throws `not_found` where there is none. */
export function getGuest(connection: Connection, guestId: string): Guest {
  const guest = connection.get<Guest>(`SELECT ${GUEST_COLUMNS} FROM guests WHERE guest_id = ?`, guestId);
  if (guest === undefined) throw new BusinessError("not_found", `there is no guest ${guestId}`);
  return guest;
}

/** Those of the named guests that exist, by id. */
export function guestsById(connection: Connection, guestIds: readonly string[]): readonly Guest[] {
  const sql = `SELECT ${GUEST_COLUMNS} FROM guests WHERE guest_id IN (SELECT value FROM json_each(?)) ORDER BY guest_id`;
  return connection.all<Guest>(sql, JSON.stringify(guestIds));
}

/** The guest whose number this is, if it is one's. */
export function guestByPhone(connection: Connection, phone: string): Guest | undefined {
  return connection.get<Guest>(`SELECT ${GUEST_COLUMNS} FROM guests WHERE phone = ?`, phone);
}
