import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { CLIENT_SECRET } from "../../packages/callgate/src/upstream/credentials/testing/start-provider.ts";
import type { Replica } from "./replica.ts";

export interface Places {
  /** Replicas, for their logs and their answers. */
  readonly all: readonly Replica[];
  /** The store's folder. */
  readonly folder: string;
  readonly postgres: string | undefined;
}

/** Where any of these tokens, or the client's secret, stands in logs, answers, files of the store or its tables. */
export async function findTokens(
  given: ReadonlySet<string>,
  { all, folder, postgres }: Places,
): Promise<readonly string[]> {
  const secrets = [...given, CLIENT_SECRET];
  const texts: (readonly [place: string, bytes: Buffer])[] = [
    ["log or answer", Buffer.from(all.flatMap(({ words }) => words).join("\n"))],
    ...filesIn(folder).map((path) => [path.slice(folder.length), readFileSync(path)] as const),
    ...(postgres === undefined ? [] : await tablesOf(postgres)),
  ];
  return texts.flatMap(([place, bytes]) => (secrets.some((secret) => bytes.includes(secret)) ? [place] : []));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

async function tablesOf(address: string): Promise<readonly (readonly [string, Buffer])[]> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'callgate'",
    );
    const read: [string, Buffer][] = [];
    for (const { name } of rows) {
      const all = await client.query<{ text: string | null }>(
        `SELECT string_agg(each::text, ' ') AS text FROM ${name} AS each`,
      );
      read.push([name, Buffer.from(all.rows[0]?.text ?? "")]);
    }
    return read;
  } finally {
    await client.end();
  }
}
