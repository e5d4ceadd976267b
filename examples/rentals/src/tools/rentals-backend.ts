import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BackendDeclaration } from "callgate";
import type { BusinessAddress } from "../business/database/business-database.ts";
import { type Business, openBusiness, prepareBusiness } from "../business/open-business.ts";
import { exampleFolder } from "../example-folder.ts";

/** Where the business is: the database of `DATABASE_URL`, else the file `RENTALS_DB`, else one beside the gate's own. */
export function rentalsAddress(): BusinessAddress {
  const url = process.env["DATABASE_URL"] ?? "";
  if (url !== "") return { url, readUrl: process.env["RENTALS_READ_URL"] };
  return { path: process.env["RENTALS_DB"] ?? join(exampleFolder, "rentals.db") };
}

const prepared = new Map<string, Promise<void>>();

/** Opens the business for one kind of access; the first to come makes and fills the database. */
export async function openRentals(access: "read" | "write"): Promise<Business> {
  const at = rentalsAddress();
  if ("path" in at) mkdirSync(dirname(at.path), { recursive: true });
  await preparedOnce(at);
  return await openBusiness({ at, access });
}

function preparedOnce(at: BusinessAddress): Promise<void> {
  const name = JSON.stringify(at);
  const preparing = prepared.get(name) ?? prepareBusiness(at);
  prepared.set(name, preparing);
  // What failed is tried again by the next who asks.
  preparing.catch(() => prepared.delete(name));
  return preparing;
}

/**
 * The business as both domains stand on it: each with read and write connections of its own. What reads cannot write: on SQLite
 * its file is open for reading, on PostgreSQL its account has no right to.
 */
export const rentalsBackend: BackendDeclaration<Business> = {
  required: true,
  start: ({ access }) => openRentals(access),
  health: (business) => business.ping(),
  stop: (business) => business.close(),
  takesIdempotencyKey: true,
};

let books: Promise<Business> | undefined;

/** Who owns and who booked what, for the questions that come before any tool runs: guards and known clients. */
export function rentalsBooks(): Promise<Business> {
  books ??= openRentals("read");
  books.catch(() => {
    books = undefined;
  });
  return books;
}
