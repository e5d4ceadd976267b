import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { rentalsBooks } from "rentals/src/tools/rentals-backend.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RentalsUnderAttack, startRentals, structured } from "./rentals-under-attack.ts";

const found = { start: "2028-06-01", end: "2028-07-01", property_id: "prop_0001" };
const stay = { property_id: "prop_0001", guest_id: "guest_00042", start: "2028-06-03", end: "2028-06-12", guests: 1 };
let store: string;
let rentals: RentalsUnderAttack;
beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), "callgate-security-store-"));
  rentals = await startRentals({ store });
});
afterAll(async () => {
  await rentals.close();
  rmSync(store, { recursive: true });
});

test("a row that was changed or deleted behind the gate's back is named (SECURITY 31)", async () => {
  const operator = { key: rentals.keys.operator };
  const verify = async (): Promise<unknown> => structured(await rentals.call("verify_audit", {}, operator));
  const desk = { key: rentals.keys.frontdesk };
  for (let each = 0; each < 5; each += 1) await rentals.call("find_bookings", found, desk);
  expect(await verify()).toMatchObject({ intact: true, faults: [] });

  const { records } = structured(await rentals.call("search_audit", { tool: "find_bookings" }, operator)) as {
    records: { call_id: string }[];
  };
  const [changed, deleted] = [records[1]?.call_id ?? "", records[3]?.call_id ?? ""];
  for (const file of globSync(join(store, "audit", "+([0-9]).db"))) {
    const segment = new DatabaseSync(file);
    segment.prepare("UPDATE rows SET subject = 'person:somebody' WHERE call_id = ?").run(changed);
    segment.prepare("DELETE FROM rows WHERE call_id = ?").run(deleted);
    segment.close();
  }
  const { intact, faults } = (await verify()) as { intact: boolean; faults: { problem: string; call_id?: string }[] };
  expect(intact).toBe(false);
  expect(faults).toContainEqual(expect.objectContaining({ problem: "changed", call_id: changed }));
  expect(faults).toContainEqual(expect.objectContaining({ problem: "missing" }));
});

test("once the store is gone nothing is answered or done unrecorded (SECURITY 31)", async () => {
  const desk = { key: rentals.keys.frontdesk };
  expect(structured(await rentals.call("find_bookings", found, desk))).toMatchObject({ bookings: [] });
  await rentals.gate.store.close();

  const read = await rentals.call("find_bookings", found, desk);
  // Whether the store is first missed for the keys or for the record is a matter of milliseconds.
  const missed = expect.stringMatching(/^(?:not_recorded|credential_unchecked)$/) as unknown;
  expect(read).toMatchObject({ status: 503, json: { error: { data: { code: missed } } } });
  expect(Number(read.headers["retry-after"])).toBeGreaterThan(0);
  expect(read.text).not.toContain("bookings");

  const write = await rentals.call("create_booking", { ...stay, idempotency_key: "unrecorded-booking-1" }, desk);
  expect(write.status).toBe(503);
  expect((await (await rentalsBooks()).findBookings({ ...found, limit: 10 })).items).toEqual([]);
});
