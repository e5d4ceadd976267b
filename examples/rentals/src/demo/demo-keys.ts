import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@modelcontextprotocol/client";
import type { Gate } from "callgate";
import { call, connectWithin } from "./connect.ts";

/** One key for each kind of caller. */
export interface DemoKeys {
  readonly frontdesk: string;
  /** May decide what others want done. */
  readonly manager: string;
  /** An agent of the front desk. */
  readonly agent: string;
  readonly owner: string;
  readonly reader: string;
  readonly channel: string;
  readonly operator: string;
}

const grants = {
  frontdesk: { kind: "person", name: "desk", user: "desk", role: "frontdesk" },
  manager: { kind: "person", name: "manager", user: "manager", role: "manager" },
  agent: { kind: "agent", name: "helper", user: "desk", role: "frontdesk" },
  owner: { kind: "person", name: "owner_001", user: "owner_001", role: "owner" },
  reader: { kind: "person", name: "reader", user: "reader", role: "reader" },
  channel: { kind: "channel", name: "guest-chat" },
  operator: { kind: "operator", name: "operator" },
} as const satisfies Record<keyof DemoKeys, Record<string, string>>;

const MOST_MADE = 100;
/** A key that is unknown for so long was revoked. */
const HEARD_MS = 3_000;

/** The keys of an earlier start where they still work, else those that the first start made, else new ones. */
export async function ensureDemoKeys(
  gate: Gate,
  earlier: Readonly<Partial<Record<string, unknown>>>,
): Promise<DemoKeys> {
  const operator = await connectWithin(gate);
  try {
    const names = Object.keys(grants) as (keyof DemoKeys)[];
    const ensured = names.map(async (name) => [
      name,
      (await isUsable(gate, name, earlier[name])) ? earlier[name] : await firstUsable(gate, name, operator),
    ]);
    return Object.fromEntries(await Promise.all(ensured)) as DemoKeys;
  } finally {
    await operator.close();
  }
}

/**
 * The key is a write like any other, under one idempotency key: however many replicas start at once, whoever is first makes it
 * and the others are told of the same. One that was revoked since is followed by another.
 */
async function firstUsable(gate: Gate, name: keyof DemoKeys, operator: Client): Promise<string> {
  for (let made = 1; made <= MOST_MADE; made += 1) {
    const { secret } = await call<{ secret?: string }>(operator, "create_key", {
      ...grants[name],
      idempotency_key: `demo-${name}-${made}`,
    });
    if (await becomesUsable(gate, name, secret)) return secret as string;
  }
  throw new Error(`${MOST_MADE} demo keys of the ${name} were made and revoked`);
}

/** Of a key that another replica has just made, this one may not have heard yet. */
async function becomesUsable(gate: Gate, name: keyof DemoKeys, key: unknown): Promise<boolean> {
  for (const until = performance.now() + HEARD_MS; performance.now() < until; await wait(50))
    if (await isUsable(gate, name, key)) return true;
  return false;
}

async function isUsable(gate: Gate, name: keyof DemoKeys, key: unknown): Promise<boolean> {
  if (typeof key !== "string" || !key.includes(`_${grants[name].kind[0]}_`)) return false;
  try {
    const client = await connectWithin(gate, key);
    await client.listTools();
    await client.close();
    return true;
  } catch {
    return false;
  }
}
