import { StoreError, type StoreErrorCode } from "../../store-error.ts";
import type { PostgresAddress } from "./address.ts";

/** What a failed statement leaves behind. */
export type Aftermath =
  /** Nothing was sent: there is no connection. */
  | "not-sent"
  /** The connection went away with the statement under way: it may have been done. */
  | "in-doubt"
  /** Nothing was done, and trying again may help at once: two transactions were in each other's way. */
  | "undone"
  /** Nothing was done, and trying again does not help. */
  | "refused";

/** A statement that failed, and what is known of it. */
export class PostgresFailure extends StoreError {
  readonly aftermath: Aftermath;

  constructor(
    code: StoreErrorCode,
    message: string,
    options: { readonly aftermath: Aftermath; readonly cause: unknown },
  ) {
    super(code, message, { cause: options.cause });
    this.aftermath = options.aftermath;
  }
}

/** Names a failure to connect, with the way out; never with the password. */
export function connectFailure(error: unknown, address: PostgresAddress): PostgresFailure {
  const { location, user, database } = address;
  const said = textOf(error);
  const words: Readonly<Record<string, string>> = {
    "28P01": `PostgreSQL at ${location} refused the password of the user ${user}: check the address of the store`,
    "28000": `PostgreSQL at ${location} does not let the user ${user} in (${said}): see its pg_hba.conf`,
    "3D000": `PostgreSQL at ${location} has no database ${database}: make it with createdb, or correct the address`,
    "53300": `PostgreSQL at ${location} has no connection left: raise max_connections, or lower the store's connections`,
    "57P03": `PostgreSQL at ${location} is starting or stopping`,
  };
  const code = codeOf(error);
  const message = words[code] ?? `PostgreSQL at ${location} does not answer (${code || said}): is it running there?`;
  return new PostgresFailure("store_unavailable", message, { aftermath: "not-sent", cause: error });
}

/** Names the failure of a statement. */
export function statementFailure(error: unknown, address: PostgresAddress): PostgresFailure {
  const code = codeOf(error);
  const said = textOf(error);
  const failed = (storeCode: StoreErrorCode, message: string, aftermath: Aftermath): PostgresFailure =>
    new PostgresFailure(storeCode, message, { aftermath, cause: error });
  if (code === "40001" || code === "40P01") return failed("store_unavailable", said, "undone");
  if (code === "23505") return failed("store_conflict", said, "refused");
  if (code.startsWith("22") || code.startsWith("23")) return failed("store_invalid", said, "refused");
  if (code === "42501") return failed("store_unavailable", withoutRight(said, address), "refused");
  if (code === "57014")
    return failed("store_unavailable", `PostgreSQL at ${address.location} took too long`, "refused");
  // A former primary takes no writes: the next connection may lead to the new one.
  if (code === "25006")
    return failed("store_unavailable", `PostgreSQL at ${address.location} takes no writes: it is a standby`, "refused");
  if (isLost(code))
    return failed("store_in_doubt", `the connection to PostgreSQL at ${address.location} was lost`, "in-doubt");
  return failed("store_unavailable", `PostgreSQL at ${address.location}: ${said}`, "refused");
}

/** Whether a connection is of no more use after an error. */
export function endsConnection(error: unknown): boolean {
  const code = codeOf(error);
  return isLost(code) || code === "25006";
}

// Errors of the server have five characters with a digit among them, as EPIPE has not; those of the class 57P end the session,
// and so does all that is not the server's.
function isLost(code: string): boolean {
  return !/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || code.startsWith("57P") || code.startsWith("08");
}

function withoutRight(said: string, { user, database }: PostgresAddress): string {
  return (
    `the user ${user} may not do that in the database ${database} (${said}): ` +
    `the store's schema and all that is in it have to belong to ${user}`
  );
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

function textOf(error: unknown): string {
  // Node tries several addresses of one name, and says what each of them answered in an error without words.
  if (error instanceof AggregateError) return error.errors.map(textOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

/** The server's code for a table that is not there. */
export const NO_TABLE = "42P01";

/** The code that the server gave for a failure; undefined where it was not the server's. */
export function serverCode(error: unknown): string | undefined {
  return error instanceof PostgresFailure ? codeOf(error.cause) : undefined;
}
