import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { BackendDeclaration } from "callgate";
import { type Business, openBusiness } from "../business/open-business.ts";

/** Where the database is: `RENTALS_DB`, else within this example. */
export function rentalsPath(): string {
  return process.env["RENTALS_DB"] ?? fileURLToPath(new URL("../../.data/rentals.db", import.meta.url));
}

/** Opens the business for one kind of access; the first to come makes and fills the database. */
export function openRentals(access: "read" | "write"): Business {
  const path = rentalsPath();
  if (access === "read" && !existsSync(path)) openRentals("write").close();
  if (access === "write") mkdirSync(dirname(path), { recursive: true });
  return openBusiness({ path, access });
}

/** The business as both domains stand on it: each with a read and a write connection of its own. */
export const rentalsBackend: BackendDeclaration<Business> = {
  required: true,
  start: ({ access }) => openRentals(access),
  health: (business) => business.ping(),
  stop: (business) => business.close(),
  takesIdempotencyKey: true,
};

let books: Business | undefined;

/** Who owns and who booked what, for the questions that come before any tool runs: guards and known clients. */
export function rentalsBooks(): Business {
  books ??= openRentals("read");
  return books;
}
