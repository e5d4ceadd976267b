import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openBusiness } from "../open-business.ts";
import { openTemporaryBusiness } from "../temporary-business.ts";

const TABLES = [
  "owners",
  "properties",
  "property_amenities",
  "seasons",
  "guests",
  "bookings",
  "cancellations",
  "payments",
  "counters",
] as const;

function digestOf(path: string): string {
  using database = new DatabaseSync(path, { readOnly: true });
  const hash = createHash("sha256");
  for (const table of TABLES) {
    for (const row of database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).iterate())
      hash.update(JSON.stringify(row));
  }
  return hash.digest("hex");
}

test("is the same data on every machine", () => {
  using business = openTemporaryBusiness();
  expect(digestOf(business.path)).toMatchInlineSnapshot(
    `"a5ed16ff4907a273c6745ddeb388398125fb4396d2644eb65289b4159a9eb6df"`,
  );
});

test("is a business of a believable size and shape", () => {
  using business = openTemporaryBusiness();
  using database = new DatabaseSync(business.path, { readOnly: true });
  const count = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0]);

  expect(count("SELECT count(*) FROM properties")).toBe(120);
  expect(count("SELECT count(DISTINCT city) FROM properties")).toBe(8);
  expect(count("SELECT count(*) FROM guests")).toBe(2_500);
  expect(count("SELECT count(*) FROM bookings")).toBeGreaterThan(9_500);
  expect(count("SELECT count(*) FROM bookings")).toBeLessThan(12_000);
  const statuses = database.prepare(
    "SELECT status FROM bookings GROUP BY status HAVING count(*) > 500 ORDER BY status",
  );
  expect(statuses.all().map((row) => row["status"])).toEqual(["cancelled", "completed", "confirmed"]);
  expect(
    count(`SELECT count(*) FROM bookings AS a JOIN bookings AS b ON a.property_id = b.property_id
           AND a.booking_id < b.booking_id AND a.start_date < b.end_date AND b.start_date < a.end_date
           WHERE a.status <> 'cancelled' AND b.status <> 'cancelled'`),
  ).toBe(0);
  expect(
    count(
      "SELECT count(*) FROM bookings WHERE guests > (SELECT capacity FROM properties p WHERE p.property_id = bookings.property_id)",
    ),
  ).toBe(0);
  expect(
    count(`SELECT count(*) FROM bookings WHERE status = 'completed' AND total <>
           (SELECT sum(amount) FROM payments WHERE payments.booking_id = bookings.booking_id)`),
  ).toBe(0);
  expect(
    count(
      "SELECT count(*) FROM seasons a JOIN seasons b USING (property_id) WHERE a.start_date < b.start_date AND b.start_date < a.end_date",
    ),
  ).toBe(0);
  expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
});

test("is written once and left alone when opened again", () => {
  using business = openTemporaryBusiness();
  const before = digestOf(business.path);
  openBusiness({ path: business.path, access: "write" }).close();
  expect(digestOf(business.path)).toBe(before);
});

test("refuses a database of another version", () => {
  using business = openTemporaryBusiness();
  using database = new DatabaseSync(business.path);
  database.exec("PRAGMA user_version = 99");
  expect(() => openBusiness({ path: business.path, access: "write" })).toThrow("version 99");
});
