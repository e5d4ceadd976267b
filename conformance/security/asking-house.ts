import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import {
  type AnyDomain,
  type ApprovalRules,
  apiKeys,
  createMemoryTransport,
  defineDomain,
  type Gate,
  type GateConfig,
  type Identity,
  openGate,
  serveHttp,
  sqlite,
} from "callgate";
import { z } from "zod";
import { envelope, modernMessage, sendModern } from "../../packages/callgate/src/transports/testing/modern-request.ts";
import { PageVisitor } from "./page-visitor.ts";

/** A house whose doors open only when a person has agreed. */
export interface AskingHouse extends AsyncDisposable {
  readonly gate: Gate;
  readonly origin: string;
  /** The doors that were opened. */
  readonly opened: string[];
  /** What opening one costs; it stands in the preview. */
  price: number;
  /** A new key of this gate. */
  keyFor(grant: Readonly<Record<string, unknown>>): Promise<Key>;
  /** Has somebody ask for a door to be opened, at this level. */
  ask(key: string, asked: Asked): Promise<Pending>;
  /** What a tool answers over HTTP, as its structured result or as the error that it says. */
  call(key: string, tool: string, args?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  visitor(): PageVisitor;
}

interface Key {
  readonly id: string;
  readonly secret: string;
}

interface Asked {
  readonly level: "owner" | "operator" | "two";
  readonly door?: string;
  readonly reason?: string;
}

export interface Pending {
  readonly id: string;
  /** Where it is decided. */
  readonly path: string;
  /** What whoever asked was told. */
  readonly told: Record<string, unknown>;
  /** Sends the same call again, which waits for the decision. */
  again(): Promise<Record<string, unknown>>;
}

const byLevel: ApprovalRules<{ level: string; door: string }> = {
  level: "owner",
  rules: [
    { when: "input.level == 'operator'", level: "operator" },
    { when: ({ input }) => input.level === "two", level: "two", because: "It is a thick door." },
  ],
};

/** Opens it over HTTP, with keys of the gate and, in the cookie `team`, sessions of the team's own. */
export async function openHouse(config: Partial<GateConfig> = {}): Promise<AskingHouse> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-house-"));
  const opened: string[] = [];
  const gate = await openGate(
    {
      name: "House",
      domains: [doors(opened, () => house.price)],
      graduation: "off",
      limits: { rate: "100000/s", guesses: "5/min" },
      store: sqlite(join(folder, "gate.db")),
      ...config,
      callers: {
        authenticate: [apiKeys(), (presented) => ofTeam(presented.cookie("team"))],
        roles: { desk: { scopes: ["doors:*"] }, boss: { scopes: ["*"] } },
      },
    },
    { localOperator: "tests" },
  );
  const operator = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await operator.connect(createMemoryTransport({ host: gate.host }));
  const served = await serveHttp(gate, { port: 0 });
  const call = callsOver(served.url);
  const house: AskingHouse = {
    gate,
    origin: served.url,
    opened,
    price: 100,
    call,
    keyFor: async (grant) => {
      const args = { ...grant, idempotency_key: crypto.randomUUID() };
      const { structuredContent } = await operator.callTool({ name: "create_key", arguments: args });
      const { key, secret } = structuredContent as { key: { id: string }; secret: string };
      return { id: key.id, secret };
    },
    ask: (key, asked) => ask({ gate, call: (args) => call(key, "open_door", args) }, asked),
    visitor: () => new PageVisitor(served.url),
    [Symbol.asyncDispose]: async () => {
      await operator.close();
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return house;
}

function callsOver(origin: string): AskingHouse["call"] {
  return async (key, name, args = {}) => {
    const message = modernMessage("tools/call", { name, arguments: args, _meta: envelope });
    const { json } = await sendModern(`${origin}/mcp${/_approvals?$/.test(name) ? "/approvals" : ""}`, message, {
      authorization: `Bearer ${key}`,
      "mcp-name": name,
    });
    const { structuredContent, _meta } = (json.result ?? {}) as Answer;
    return structuredContent ?? _meta?.["io.callgate/error"] ?? { code: json.error?.data?.["code"] };
  };
}

interface Asking {
  readonly gate: Gate;
  call(args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

async function ask(asking: Asking, { level, door = "front", reason }: Asked): Promise<Pending> {
  const args = { level, door, ...(reason && { reason }), idempotency_key: crypto.randomUUID() };
  const told = await asking.call(args);
  const { details } = told as { details?: { write_id?: string } };
  const row = await asking.gate.store.ledger.get(details?.write_id ?? "");
  const id = row?.approval?.id ?? "";
  return { id, path: `/approvals/${id}`, told, again: () => asking.call(args) };
}

interface Answer {
  readonly structuredContent?: Record<string, unknown>;
  readonly _meta?: { readonly "io.callgate/error"?: Record<string, unknown> };
}

function doors(opened: string[], price: () => number): AnyDomain {
  const domain = defineDomain("doors", { owner: "house", purpose: "Doors.", concern: "Opening one unasked." });
  for (const name of ["open_door", "take_door_out"]) {
    domain.write(name, {
      description: "Opens a door of the house.",
      scope: "doors:open",
      input: z.object({
        level: z.string(),
        door: z.string(),
        turns: z.number().default(1),
        note: z.string().optional(),
      }),
      output: z.object({ opened: z.string() }),
      plan: ({ door }) => ({ preview: { action: name, door, price: price() }, door }),
      commit: ({ door }) => {
        opened.push(door);
        return { opened: door };
      },
      approval: byLevel,
      repeat: "allow",
    });
  }
  return domain;
}

function ofTeam(session: string | undefined): Identity | undefined {
  return session === undefined ? undefined : { kind: "person", user: session, role: "desk" };
}
