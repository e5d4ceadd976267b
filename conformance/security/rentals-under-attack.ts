import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gate, type GateConfig, type OpenGateOptions, openGate, serveHttp, sqlite } from "callgate";
import config from "rentals/src/callgate.config.ts";
import { type DemoKeys, ensureDemoKeys } from "rentals/src/demo/demo-keys.ts";
import {
  envelope,
  modernMessage,
  type Received,
  sendModern,
} from "../../packages/callgate/src/transports/testing/modern-request.ts";

/** How a call comes: all that a client may choose beside the tool and its arguments. */
export interface Sent {
  readonly key?: string | undefined;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly id?: number;
}

/** The rental business behind a gate, reached over HTTP as an attacker reaches it. */
export interface RentalsUnderAttack {
  readonly gate: Gate;
  readonly url: string;
  readonly port: number;
  /** Where the gate keeps what it keeps, and nothing else. */
  readonly store: string;
  readonly keys: DemoKeys;
  request(method: string, params: Readonly<Record<string, unknown>>, sent?: Sent): Promise<Received>;
  call(tool: string, args?: Readonly<Record<string, unknown>>, sent?: Sent): Promise<Received>;
  /** The names of the tools that a caller sees. */
  tools(sent?: Sent): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Setting extends OpenGateOptions {
  readonly config?: Partial<GateConfig>;
  /** A store that an earlier gate has left. */
  readonly store?: string;
}

/** Starts it on a database of its own; one in a test file at a time, as the business has one database a process. */
export async function startRentals(setting: Setting = {}): Promise<RentalsUnderAttack> {
  const { config: changes, store: given, ...options } = setting;
  const folder = await mkdtemp(join(tmpdir(), "callgate-security-"));
  const store = given ?? join(folder, "store");
  process.env["RENTALS_DB"] ??= join(folder, "rentals.db");
  const gate = await openGate(
    { ...config, graduation: "off", limits: { rate: "100000/s" }, ...changes, store: sqlite(join(store, "gate.db")) },
    { localOperator: "tests", ...options },
  );
  const keys = await ensureDemoKeys(gate, {});
  const served = await serveHttp(gate, { port: 0 });
  const request: RentalsUnderAttack["request"] = (method, params, { key, meta, headers, id } = {}) => {
    const message = modernMessage(method, { ...params, _meta: { ...envelope, ...meta } }, id);
    const authorization = key === undefined ? undefined : `Bearer ${key}`;
    const name = typeof params["name"] === "string" ? { "mcp-name": asHeader(params["name"]) } : {};
    return sendModern(`${served.url}/mcp`, message, { authorization, ...name, ...headers });
  };
  return {
    gate,
    url: `${served.url}/mcp`,
    port: served.port,
    store,
    keys,
    request,
    call: (tool, args = {}, sent) => request("tools/call", { name: tool, arguments: args }, sent),
    tools: async (sent) => {
      const { json } = await request("tools/list", {}, sent);
      return ((json.result?.["tools"] ?? []) as readonly { readonly name: string }[]).map(({ name }) => name);
    },
    close: async () => {
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A name as a header carries it, whatever letters it has. */
function asHeader(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `=?base64?${Buffer.from(name).toString("base64")}?=`;
}

/** What a tool gave, or undefined where it gave an error. */
export function structured({ json }: Received): Readonly<Record<string, unknown>> | undefined {
  return json.result?.["isError"] === true
    ? undefined
    : (json.result?.["structuredContent"] as Readonly<Record<string, unknown>> | undefined);
}

/** The code of what went wrong, in whichever way it was told. */
export function codeOf({ json }: Received): unknown {
  const meta = json.result?.["_meta"] as Readonly<Record<string, { readonly code?: unknown }>> | undefined;
  return json.error?.data?.["code"] ?? json.error?.code ?? meta?.["io.callgate/error"]?.code;
}
