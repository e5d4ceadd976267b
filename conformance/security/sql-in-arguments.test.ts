import { DatabaseSync } from "node:sqlite";
import { rentalsBooks } from "rentals/src/tools/rentals-backend.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, type RentalsUnderAttack, startRentals, structured } from "./rentals-under-attack.ts";

const sql = [
  "' OR '1'='1",
  "x' OR 1=1 --",
  "'; DROP TABLE bookings; --",
  '"; DELETE FROM guests; --',
  "1; COMMIT; DROP TABLE payments",
  "' UNION SELECT email, phone, 1, 1, 1, 1, 1, 1, 1, 1 FROM guests --",
  "'); ATTACH DATABASE 'stolen.db' AS stolen; --",
  "x'||(SELECT hash FROM keys LIMIT 1)||'",
  "\\'; PRAGMA writable_schema=1; --",
  "?1",
  ":name",
  "\u0000'; DROP TABLE bookings",
];
const year = { start: "2026-01-01", end: "2026-12-31" };

let rentals: RentalsUnderAttack;
let database: DatabaseSync;
beforeAll(async () => {
  rentals = await startRentals();
  database = new DatabaseSync(process.env["RENTALS_DB"] ?? "", { readOnly: true });
});
afterAll(async () => {
  database.close();
  await rentals.close();
});

/** Every table with its rows, and the schema that they stand in. */
function everything(): unknown {
  const tables = database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
  const rows = tables.flatMap(({ name, sql: made }) =>
    String(made).startsWith("CREATE TABLE")
      ? [[name, database.prepare(`SELECT count(*) AS rows FROM "${String(name)}"`).get()?.["rows"]]]
      : [],
  );
  return { tables, rows };
}

describe("SQL in arguments is a text like any other (SECURITY 28)", () => {
  const readings: readonly (readonly [string, string, object])[] = [
    ["search_properties", "city", {}],
    ["search_properties", "cursor", {}],
    ["find_bookings", "property_id", year],
    ["find_bookings", "guest_id", year],
    ["find_bookings", "cursor", year],
    ["search_guests", "text", {}],
    ["get_property", "property_id", {}],
    ["get_booking", "booking_id", {}],
    ["get_guest", "guest_id", {}],
    ["quote_stay", "property_id", year],
  ];

  test.each(readings)("%s by %s", async (tool, field, more) => {
    const before = everything();
    // A place to go on from may be any text: there is a page behind it, or none.
    const most = field === "cursor" ? 20 : 0;
    for (const text of sql) {
      const answer = await rentals.call(tool, { ...more, [field]: text }, { key: rentals.keys.frontdesk });
      const { next_cursor: _next, ...given } = structured(answer) ?? {};
      expect([text, codeOf(answer)]).not.toEqual([text, "system_error"]);
      expect(Object.values(given).flat().length, text).toBeLessThanOrEqual(most);
      expect(answer.text).not.toMatch(/SQLITE|syntax error|no such (table|column)|CREATE TABLE/i);
    }
    expect(everything()).toEqual(before);
  });

  const operations: readonly (readonly [string, string, string])[] = [
    ["search_audit", "subject", "records"],
    ["search_audit", "tool", "records"],
    ["search_audit", "trace_id", "records"],
    ["export_audit", "write_id", "records"],
    ["list_writes", "subject", "writes"],
    ["list_keys", "user", "keys"],
  ];

  test.each(operations)("the gate's own %s by %s", async (tool, field, list) => {
    const operator = { key: rentals.keys.operator };
    for (const text of sql) {
      const answer = await rentals.call(tool, { [field]: text }, operator);
      expect([text, structured(answer)?.[list]]).toEqual([text, []]);
    }
    expect(structured(await rentals.call("verify_audit", {}, operator))).toMatchObject({ intact: true });
    const { length } = Object.keys(rentals.keys);
    expect(structured(await rentals.call("list_keys", {}, operator))?.["keys"]).toHaveLength(length);
  });

  test("the words of a text search are words, whatever they mean to an index", async () => {
    const texts = [...sql, '"', "a* OR b", "NEAR(a b)", "reason:x", "-a", "^a", "(", "{a b}: c"];
    for (const text of texts) {
      const answer = await rentals.call("search_audit", { text }, { key: rentals.keys.operator });
      expect([text, Array.isArray(structured(answer)?.["records"])]).toEqual([text, true]);
    }
  });

  test("what a write is told is stored as it was told", async () => {
    const desk = { key: rentals.keys.frontdesk };
    const stay = { property_id: "prop_0001", guest_id: "guest_00042", start: "2028-06-03", end: "2028-06-12" };
    const booked = await rentals.call("create_booking", { ...stay, idempotency_key: "to-be-cancelled-1" }, desk);
    const booking_id = String(structured(booked)?.["booking_id"]);
    const cancellation_reason = "ill'); DROP TABLE bookings; --";
    const asked = { booking_id, cancellation_reason, idempotency_key: "cancel-it-once-1" };
    expect(structured(await rentals.call("cancel_booking", asked, desk))).toBeDefined();
    const kept = database.prepare("SELECT * FROM cancellations WHERE booking_id = ?").get(booking_id);
    expect(Object.values(kept ?? {})).toContain(cancellation_reason);
    expect((await (await rentalsBooks()).getBooking(booking_id)).status).toBe("cancelled");
  });
});

test("the wildcards of LIKE match themselves alone (SECURITY 28)", async () => {
  const guests = database.prepare("SELECT name || ' ' || email || ' ' || phone AS card FROM guests").all();
  for (const text of ["%%", "__", "a%b", "_a", "%.com", "\\%", "\\\\", "[a-z]", "**"]) {
    const found = await rentals.call("search_guests", { text, limit: 100 }, { key: rentals.keys.frontdesk });
    const meant = guests.filter(({ card }) => String(card).toLowerCase().includes(text));
    expect(structured(found)?.["guests"], text).toHaveLength(Math.min(meant.length, 100));
  }
});
