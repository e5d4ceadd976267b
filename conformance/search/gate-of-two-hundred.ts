import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { createMemoryTransport, type Domain, defineDomain, defineGate, jsonSchema, openGate, sqlite } from "callgate";
import type { SearchedTool } from "../../packages/callgate/src/gate/catalogue/tool-index.ts";

/** A client of a gate that serves these tools, each of which answers with its own name. */
export interface CalledGate extends AsyncDisposable {
  readonly client: Client;
}

/** Opens a gate over them for one who sees them all, whose models search where there are more than so many. */
export async function gateOf(tools: readonly SearchedTool[], searchAbove: number): Promise<CalledGate> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-search-"));
  const config = defineGate({
    name: "two-hundred",
    domains: [...Map.groupBy(tools, ({ domain }) => domain)].map(([name, own]) => domainOf(name, own)),
    callers: { local: { kind: "person", user: "ann", role: "all" }, roles: { all: { scopes: [] } } },
    catalogue: { searchAbove },
    limits: { rate: "100000/s" },
    store: sqlite(join(folder, "gate.db")),
  });
  const gate = await openGate(config);
  const client = new Client({ name: "search", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(createMemoryTransport({ host: gate.host }));
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await gate.close();
      await rm(folder, { recursive: true });
    },
  };
}

function domainOf(name: string, tools: readonly SearchedTool[]): Domain<undefined> {
  const domain = defineDomain(name, { owner: "o", purpose: "p", concern: "c" });
  for (const { name: tool, description, arguments: fields } of tools) {
    const properties = Object.fromEntries(fields.split(", ").map((field) => [field, { type: "string" }]));
    const input = jsonSchema<object>({ type: "object", properties, additionalProperties: false });
    domain.read(tool, { description, input, run: () => tool });
  }
  return domain;
}
