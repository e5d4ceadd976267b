import { join } from "node:path";
import { postgresStore } from "./postgres-store.ts";
import { sqliteStore } from "./sqlite-store.ts";
import type { TriedStore } from "./tried-store.ts";

/** The stores that are tried, by name. */
export const storeNames = ["sqlite", "postgres"] as const;
export type StoreName = (typeof storeNames)[number];

/** A store of one's own, empty; its files are in the folder. */
export function openTriedStore(name: StoreName, folder: string): Promise<TriedStore> {
  const own = join(folder, "store");
  return name === "sqlite" ? Promise.resolve(sqliteStore(own)) : postgresStore(own);
}

/** The name of a store as a command line has it; throws where there is none of that name. */
export function toStoreName(given: string): StoreName {
  const name = storeNames.find((each) => each === given);
  if (name === undefined) throw new Error(`--store takes ${storeNames.join(" or ")}, not "${given}".`);
  return name;
}
