import type { Client, Tool } from "@modelcontextprotocol/client";
import { CliError } from "../cli-error.ts";
import { troubleWords } from "../upstreams/upstream-trouble.ts";
import { listUpstreams } from "./list-upstreams.ts";

/** Codes of calls that did not reach a server behind the gate, or that it did not let in. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set([
  "backend_down",
  "upstream_unreachable",
  "upstream_unauthorized",
]);

/** A call's failure, with why its server is not there for callers who may know how servers stand: who runs the gate, above all. */
export async function explainDown(client: Client, { _meta }: Tool, error: unknown): Promise<unknown> {
  if (!(error instanceof CliError) || !NOT_THERE.has(error.said?.code)) return error;
  const upstreams = await listUpstreams(client).catch(() => []);
  const info = upstreams.find(({ upstream }) => upstream === _meta?.["io.callgate/domain"]);
  if (info === undefined) return error;
  const next = troubleWords(info) ?? `How it stands: npx callgate upstreams show ${info.upstream}`;
  return new CliError(error.reason, error.message, { next, cause: error, said: error.said });
}
