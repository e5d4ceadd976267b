import { type RawBuilder, sql } from "kysely";
import { type ReaderAccount, readerOf, scramVerifier } from "./reader-account.ts";
import type { Queries } from "./tables.ts";

interface PostgresAddress {
  readonly url: string;
  readonly readUrl?: string | undefined;
}

/** Grants reading to the account of `readUrl`, or makes the database's own reading account. Nothing else is granted to it. */
export async function admitReaders(queries: Queries, { url, readUrl }: PostgresAddress): Promise<void> {
  const account = readUrl === undefined ? readerOf(url) : { name: userOf(readUrl), password: undefined };
  if (readUrl === undefined) await makeAccount(queries, account);
  const name = sql.id(account.name);
  await sql`GRANT USAGE ON SCHEMA rentals TO ${name}`.execute(queries);
  await sql`GRANT SELECT ON ALL TABLES IN SCHEMA rentals TO ${name}`.execute(queries);
}

async function makeAccount(queries: Queries, account: ReaderAccount): Promise<void> {
  try {
    const name = sql.id(account.name);
    const { rows } = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${account.name}`.execute(queries);
    if (rows.length === 0) await sql`CREATE ROLE ${name}`.execute(queries);
    await sql`ALTER ROLE ${name} LOGIN PASSWORD ${passwordOf(account)}`.execute(queries);
    await sql`ALTER ROLE ${name} SET default_transaction_read_only = on`.execute(queries);
  } catch (cause) {
    throw new Error(
      `the account of DATABASE_URL cannot make the account ${account.name}, which only reads: let it (CREATEROLE), ` +
        "or make such an account and give its address as RENTALS_READ_URL",
      { cause },
    );
  }
}

function passwordOf({ name, password }: ReaderAccount): RawBuilder<unknown> {
  return password === undefined ? sql`NULL` : sql.lit(scramVerifier(name, password));
}

function userOf(address: string): string {
  const url = new URL(address);
  return url.searchParams.get("user") ?? decodeURIComponent(url.username);
}
