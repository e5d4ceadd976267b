import { randomUUID } from "node:crypto";
import type { Client } from "@modelcontextprotocol/client";
import type { Gate } from "callgate";
import { call, connectWithin } from "./connect.ts";

/** One key for each kind of caller. */
export interface DemoKeys {
  readonly frontdesk: string;
  readonly owner: string;
  readonly reader: string;
  readonly channel: string;
  readonly operator: string;
}

const grants = {
  frontdesk: { kind: "person", name: "desk", user: "desk", role: "frontdesk" },
  owner: { kind: "person", name: "owner_001", user: "owner_001", role: "owner" },
  reader: { kind: "person", name: "reader", user: "reader", role: "reader" },
  channel: { kind: "channel", name: "guest-chat" },
  operator: { kind: "operator", name: "operator" },
} as const satisfies Record<keyof DemoKeys, Record<string, string>>;

/** The keys of an earlier start where they still work, else new ones. */
export async function ensureDemoKeys(gate: Gate, earlier: Partial<Record<string, unknown>>): Promise<DemoKeys> {
  const operator = await connectWithin(gate);
  try {
    const keys = await Promise.all(
      Object.entries(grants).map(async ([name, grant]) => [
        name,
        await ensureKey(gate, earlier[name], { operator, grant }),
      ]),
    );
    return Object.fromEntries(keys) as DemoKeys;
  } finally {
    await operator.close();
  }
}

interface Making {
  readonly operator: Client;
  readonly grant: Record<string, string>;
}

async function ensureKey(gate: Gate, earlier: unknown, { operator, grant }: Making): Promise<string> {
  if (typeof earlier === "string" && earlier.includes(`_${grant["kind"]?.[0]}_`) && (await isAccepted(gate, earlier)))
    return earlier;
  const { secret } = await call<{ secret: string }>(operator, "create_key", {
    ...grant,
    // Keys of a start just before may be lost with its demo.json: these are new ones, on purpose.
    idempotency_key: `demo-${randomUUID()}`,
  });
  return secret;
}

async function isAccepted(gate: Gate, key: string): Promise<boolean> {
  try {
    const client = await connectWithin(gate, key);
    await client.listTools();
    await client.close();
    return true;
  } catch {
    return false;
  }
}
