import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

const ITERATIONS = 4_096;
const LONGEST_NAME = 63;

/** An account of PostgreSQL that may read and nothing else. Without a password it comes in only where the server asks for none. */
export interface ReaderAccount {
  readonly name: string;
  readonly password: string | undefined;
}

/**
 * The reading account that belongs to a database's address. Its password is derived from the address's own, so that every
 * replica knows it and nobody has to keep it. Accounts are common to a server's databases, hence the database in its name.
 */
export function readerOf(databaseUrl: string): ReaderAccount {
  const url = new URL(databaseUrl);
  const name = `${decodeURIComponent(url.pathname.slice(1))}_rentals_reader`.slice(-LONGEST_NAME);
  const secret = url.searchParams.get("password") ?? decodeURIComponent(url.password);
  const password = secret === "" ? undefined : createHmac("sha256", secret).update(`${name} reads`).digest("base64url");
  return { name, password };
}

/** The address with the reading account in place of the one it names. */
export function readerUrlOf(databaseUrl: string): string {
  const { name, password = "" } = readerOf(databaseUrl);
  const url = new URL(databaseUrl);
  // As parameters, because an address by socket has no place for them before the host.
  url.username = "";
  url.password = "";
  url.searchParams.set("user", name);
  url.searchParams.set("password", password);
  return url.href;
}

/** A password as PostgreSQL keeps it (RFC 5803): given this, the server and its log never see the password itself. */
export function scramVerifier(name: string, password: string): string {
  const salt = createHash("sha256").update(name).digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const keyOf = (purpose: string): Buffer => createHmac("sha256", salted).update(purpose).digest();
  const storedKey = createHash("sha256").update(keyOf("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${keyOf("Server Key").toString("base64")}`;
}
