import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BusinessAddress } from "../database/business-database.ts";
import { openBusiness } from "../open-business.ts";
import { queryDirectly } from "../query-directly.ts";
import { describeOnBothEngines, openTemporaryBusiness, type TemporaryBusiness } from "../temporary-business.ts";

const run = promisify(execFile);
const module = fileURLToPath(new URL("../open-business.ts", import.meta.url));

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

async function digestOf(at: BusinessAddress): Promise<string> {
  const hash = createHash("sha256");
  for (const table of TABLES) {
    for (const row of await queryDirectly(at, `SELECT * FROM rentals.${table} ORDER BY 1, 2`))
      hash.update(JSON.stringify(row));
  }
  return hash.digest("hex");
}

describeOnBothEngines((engine) => {
  let business: TemporaryBusiness;
  beforeAll(async () => {
    business = await openTemporaryBusiness(engine);
  });
  afterAll(() => business[Symbol.asyncDispose]());

  test("is the same data on every machine", async () => {
    expect(await digestOf(business.at)).toBe("a5ed16ff4907a273c6745ddeb388398125fb4396d2644eb65289b4159a9eb6df");
  });

  test("is a business of a believable size and shape", async () => {
    const count = async (of: string): Promise<number> => {
      const [row = {}] = await queryDirectly(business.at, `SELECT count(*) AS number FROM ${of}`);
      return Number(row["number"]);
    };
    expect(await count("rentals.properties")).toBe(120);
    expect(await count("(SELECT DISTINCT city FROM rentals.properties) AS cities")).toBe(8);
    expect(await count("rentals.guests")).toBe(2_500);
    expect(await count("rentals.bookings")).toBeGreaterThan(9_500);
    expect(await count("rentals.bookings")).toBeLessThan(12_000);
    for (const status of ["cancelled", "completed", "confirmed"]) {
      expect(await count(`rentals.bookings WHERE status = '${status}'`)).toBeGreaterThan(500);
    }
    expect(
      await count(`rentals.bookings AS a JOIN rentals.bookings AS b ON a.property_id = b.property_id
        AND a.booking_id < b.booking_id AND a.start_date < b.end_date AND b.start_date < a.end_date
        WHERE a.status <> 'cancelled' AND b.status <> 'cancelled'`),
    ).toBe(0);
    expect(
      await count("rentals.bookings JOIN rentals.properties USING (property_id) WHERE bookings.guests > capacity"),
    ).toBe(0);
    expect(
      await count(`rentals.bookings WHERE status = 'completed' AND total <>
        (SELECT sum(amount) FROM rentals.payments WHERE payments.booking_id = bookings.booking_id)`),
    ).toBe(0);
    expect(
      await count(`rentals.seasons AS a JOIN rentals.seasons AS b USING (property_id)
        WHERE a.start_date < b.start_date AND b.start_date < a.end_date`),
    ).toBe(0);
    expect(
      await count(`rentals.bookings LEFT JOIN rentals.guests USING (guest_id) LEFT JOIN rentals.properties
        USING (property_id) WHERE guests.guest_id IS NULL OR properties.property_id IS NULL`),
    ).toBe(0);
  });

  test("is written once and left alone when opened again", async () => {
    const before = await digestOf(business.at);
    await (await openBusiness({ at: business.at, access: "write" })).close();
    expect(await digestOf(business.at)).toBe(before);
  });

  test("is written once by processes that come at the same time", { timeout: 60_000 }, async () => {
    const at = await engine();
    const script = `
      import { openBusiness } from ${JSON.stringify(module)};
      const reader = await openBusiness({ at: ${JSON.stringify(at)}, access: "write" });
      console.log((await reader.searchProperties({ limit: 200 })).items.length);
      await reader.close();`;
    const opened = Array.from({ length: 3 }, () => run(process.execPath, ["--input-type=module", "--eval", script]));
    expect((await Promise.all(opened)).map(({ stdout }) => stdout.trim())).toEqual(["120", "120", "120"]);
    expect(await digestOf(at)).toBe(await digestOf(business.at));
  });

  test("refuses a database of another version", async () => {
    const at = await engine();
    await (await openBusiness({ at, access: "write" })).close();
    const change = "path" in at ? "PRAGMA user_version = 99" : "UPDATE rentals.schema_version SET version = 99";
    await queryDirectly(at, change);
    await expect(openBusiness({ at, access: "write" })).rejects.toThrow("version 99");
  });
});
