import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import {
  describeWithPostgres,
  type UsedPostgres,
  usePostgres,
} from "../../../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import type { BusinessAddress } from "./database/business-database.ts";
import { type Business, openBusiness } from "./open-business.ts";

/** A freshly seeded business of its own. */
export interface TemporaryBusiness extends AsyncDisposable {
  readonly at: BusinessAddress;
  readonly reader: Business;
  readonly writer: Business;
}

/** An engine that tests run on: where a new business of it may be. */
export type Engine = () => Promise<BusinessAddress>;

/** The same tests on SQLite and on PostgreSQL. */
export function describeOnBothEngines(tests: (engine: Engine) => void): void {
  describe("on SQLite", () => {
    tests(newFile);
  });
  describeWithPostgres("on PostgreSQL", () => {
    const postgres: UsedPostgres = usePostgres({ fsync: false });
    tests(async () => ({ url: await postgres.newDatabase() }));
  });
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The address of a file in a folder of its own, which goes with the last test of the test file. */
export async function newFile(): Promise<BusinessAddress> {
  const folder = mkdtempSync(join(tmpdir(), "rentals-"));
  folders.push(folder);
  return { path: join(folder, "rentals.db") };
}

/** Opens a business for one test. */
export async function openTemporaryBusiness(engine: Engine = newFile): Promise<TemporaryBusiness> {
  const at = await engine();
  const writer = await openBusiness({ at, access: "write" });
  const reader = await openBusiness({ at, access: "read" });
  return {
    at,
    reader,
    writer,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([reader.close(), writer.close()]);
    },
  };
}

/** A stay that nobody has booked: the seeded bookings end long before. */
export const FREE_STAY = { property_id: "prop_0001", start: "2029-03-05", end: "2029-03-10", guests: 1 } as const;

/** What it takes to book the free stay, at its price. */
export async function freeRequest(reader: Business): Promise<Parameters<Business["createBooking"]>[0]> {
  return { ...FREE_STAY, guest_id: "guest_00042", quoted_total: (await reader.quoteStay(FREE_STAY)).total };
}
