import type { SecretReference } from "../../../define/secret.ts";
import { loadSecrets } from "../../../secrets/load-secrets.ts";
import { resolveSecret } from "../../../secrets/resolve-secret.ts";
import { StoreError } from "../../store-error.ts";

/** The address of a database, with its password. Nothing but the connections may see it whole. */
export interface PostgresAddress {
  readonly connectionString: string;
  /** Host, port and database: what people may be told. */
  readonly location: string;
  readonly user: string;
  readonly database: string;
}

/** Reads an address as `DATABASE_URL` gives it; throws without repeating it, since it may hold a password. */
export function readAddress(given: string | SecretReference): PostgresAddress {
  const connectionString = typeof given === "string" ? given : (resolveSecret(given) ?? "");
  const { hostname, port, pathname, username, protocol, searchParams } = parse(connectionString, given);
  if (protocol !== "postgres:" && protocol !== "postgresql:") throw unreadable(given);
  const database = decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username) || "postgres";
  const host = searchParams.get("host") ?? (decodeURIComponent(hostname) || "localhost");
  const isSocket = host.startsWith("/");
  const location = isSocket ? `${host} (${database})` : `${host}:${port || "5432"}/${database}`;
  return { connectionString, location, user: decodeURIComponent(username) || "postgres", database };
}

/** The same, where the address may have to be asked for first. */
export async function loadAddress(given: string | SecretReference): Promise<PostgresAddress> {
  if (typeof given !== "string") await loadSecrets([given]);
  return readAddress(given);
}

/** What people may be told of an address before it is known to be one. */
export function describeAddress(given: string | SecretReference): string {
  try {
    return `PostgreSQL at ${readAddress(given).location}`;
  } catch {
    return typeof given === "string" ? "PostgreSQL" : `PostgreSQL at the address in ${given.name}`;
  }
}

function parse(text: string, given: string | SecretReference): URL {
  // The error of URL repeats what it was given.
  const url = URL.parse(text);
  if (url === null) throw unreadable(given);
  return url;
}

function unreadable(given: string | SecretReference): StoreError {
  const where = typeof given === "string" ? "the address of the store" : `the address of the store (${given.name})`;
  return new StoreError(
    "store_unavailable",
    `${where} is not one of PostgreSQL: postgres://user:password@host:5432/database`,
  );
}
