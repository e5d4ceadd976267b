import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import config from "../examples/rentals/src/callgate.config.ts";
import { call, connectWithin } from "../examples/rentals/src/demo/connect.ts";
import { ensureDemoKeys } from "../examples/rentals/src/demo/demo-keys.ts";
import { rentalsBooks } from "../examples/rentals/src/tools/rentals-backend.ts";
import { openGate, type ServedGate, serveHttp, sqlite } from "../packages/callgate/src/index.ts";
import { readTable } from "./read-table.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "callers.md"), "utf8");
const rows = readTable(page, "Who sees what in the rental example");
/** In the order of the table's columns. */
const kinds = ["front desk", "reader", "owner", "agent", "known client", "stranger", "operator"] as const;
type Kind = (typeof kinds)[number];

interface Caller {
  readonly key?: string;
  readonly identity?: Readonly<Record<string, string>>;
}

const folder = mkdtempSync(join(tmpdir(), "callgate-docs-"));
let served: ServedGate;
let callers: Readonly<Record<Kind, Caller>>;

beforeAll(async () => {
  process.env["RENTALS_DB"] = join(folder, "rentals.db");
  const gate = await openGate(
    { ...config, graduation: "off", store: sqlite(join(folder, "gate.db")) },
    { localOperator: "tester" },
  );
  const keys = await ensureDemoKeys(gate, {});
  served = await serveHttp(gate, { port: 0 });
  const operator = await connectWithin(gate, keys.operator);
  const grant = { kind: "agent", name: "helper", user: "desk", role: "frontdesk", scopes: ["bookings:read"] };
  const { secret } = await call<{ secret: string }>(operator, "create_key", grant);
  await operator.close();
  const { phone } = await (await rentalsBooks()).getGuest("guest_00042");
  callers = {
    "front desk": { key: keys.frontdesk },
    reader: { key: keys.reader },
    owner: { key: keys.owner },
    agent: { key: secret },
    "known client": { key: keys.channel, identity: { phone } },
    stranger: {},
    operator: { key: keys.operator },
  };
}, 60_000);

afterAll(async () => {
  await served.close();
  await (await rentalsBooks()).close();
  rmSync(folder, { recursive: true });
});

describe.each(kinds.map((kind, at) => [kind, at + 1] as const))("a %s", (kind, column) => {
  const shown = rows.filter((row) => row[column] === "yes").map(([tool = ""]) => tool);
  const hidden = rows.filter((row) => row[column] !== "yes").map(([tool = ""]) => tool);

  it("is shown the tools that the table names", async () => {
    const { text } = await ask(callers[kind], "tools/list", {});
    const { result } = JSON.parse(text) as { result: { tools: readonly { readonly name: string }[] } };
    expect(new Set(result.tools.map(({ name }) => name))).toEqual(new Set(shown));
    expect(result.tools).toHaveLength(shown.length);
  });

  it("gets from every other one, byte for byte, the answer of a nonexistent tool", async () => {
    const answerOf = async (name: string): Promise<Answered> => {
      const { status, text } = await ask(callers[kind], "tools/call", { name, arguments: {} });
      return { status, text: text.replaceAll(name, "NAME") };
    };
    const nonexistent = await answerOf("no_such_tool");
    expect(nonexistent).toMatchObject({ status: 200, text: expect.stringContaining('"code":-32602') });
    for (const name of hidden) expect(await answerOf(name)).toEqual(nonexistent);
  });
});

interface Answered {
  readonly status: number;
  readonly text: string;
}

interface Params {
  readonly name?: string;
  readonly arguments?: object;
}

/** One request of MCP 2026-07-28, with all that it asks for. */
async function ask({ key, identity }: Caller, method: string, params: Params): Promise<Answered> {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "docs", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
    ...(identity && { "io.callgate/identity": identity }),
  };
  const response = await fetch(`${served.url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(params.name !== undefined && { "mcp-name": params.name }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } }),
  });
  return { status: response.status, text: await response.text() };
}
