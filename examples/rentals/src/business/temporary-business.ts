import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Business, openBusiness } from "./open-business.ts";

/** A freshly seeded business in a folder of its own. */
export interface TemporaryBusiness extends Disposable {
  readonly path: string;
  readonly reader: Business;
  readonly writer: Business;
}

/** Opens a business for one test; its folder goes when it is disposed of. */
export function openTemporaryBusiness(today?: string): TemporaryBusiness {
  const folder = mkdtempSync(join(tmpdir(), "rentals-"));
  const path = join(folder, "rentals.db");
  const clock = today === undefined ? {} : { today: () => today };
  const writer = openBusiness({ path, access: "write", ...clock });
  const reader = openBusiness({ path, access: "read", ...clock });
  return {
    path,
    reader,
    writer,
    [Symbol.dispose]: () => {
      reader.close();
      writer.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A stay that nobody has booked: the seeded bookings end long before. */
export const FREE_STAY = { property_id: "prop_0001", start: "2029-03-05", end: "2029-03-10", guests: 1 } as const;

/** What it takes to book the free stay, at its price. */
export function freeRequest(reader: Business): Parameters<Business["createBooking"]>[0] {
  return { ...FREE_STAY, guest_id: "guest_00042", quoted_total: reader.quoteStay(FREE_STAY).total };
}
