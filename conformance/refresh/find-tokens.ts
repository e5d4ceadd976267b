import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readAddress } from "../../packages/callgate/src/store/postgres/database/address.ts";
import { Connections } from "../../packages/callgate/src/store/postgres/database/connections.ts";
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
  // As they are, and as PostgreSQL writes bytes.
  const secrets = [...given, CLIENT_SECRET].flatMap((each) => [each, Buffer.from(each).toString("hex")]);
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

async function tablesOf(url: string): Promise<readonly (readonly [string, Buffer])[]> {
  const options = { schema: "callgate", max: 1, statementMs: 0, applicationName: "test" };
  const sql = await Connections.open({ address: readAddress(url), ...options });
  try {
    const text = "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'callgate'";
    const read: [string, Buffer][] = [];
    for (const [name] of await sql.run({ text })) {
      const [[rows] = []] = await sql.run({ text: `SELECT string_agg(each::text, ' ') FROM ${String(name)} AS each` });
      read.push([String(name), Buffer.from(String(rows))]);
    }
    return read;
  } finally {
    await sql.close();
  }
}
