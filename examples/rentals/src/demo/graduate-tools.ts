import { randomUUID } from "node:crypto";
import type { Client } from "@modelcontextprotocol/client";
import type { Gate } from "callgate";
import { call, connectWithin } from "./connect.ts";

interface WriteTool {
  readonly tool: string;
  readonly on: boolean;
  readonly state: string;
  readonly why?: string;
}

interface DomainState {
  readonly domain: string;
  readonly proof?: Proof;
  readonly proof_is_current?: boolean;
  readonly write_tools: readonly WriteTool[];
}

interface Proof {
  readonly passed: boolean;
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly detail?: string }[];
}

/**
 * Runs the smoke test of each domain of which nothing was ever switched on, and switches its write tools on, as a person
 * would with `callgate smoke <domain>`; what somebody has switched off since stays off. Says what it did.
 */
export async function graduateTools(gate: Gate): Promise<string> {
  const operator = await connectWithin(gate);
  const { domains } = await call<{ domains: readonly DomainState[] }>(operator, "list_domains", {});
  const said: string[] = [];
  for (const state of domains.filter(({ write_tools }) => write_tools.length > 0))
    said.push(...(isNew(state) ? await graduateAll(operator, state) : stillOff(state)));
  await operator.close();
  return said.join("\n");
}

/** Also where an earlier start has ended between the smoke test and the rest, or another replica is at it. */
function isNew({ write_tools }: DomainState): boolean {
  return write_tools.every(({ state }) => state === "unproven" || state === "not_graduated");
}

async function graduateAll(operator: Client, { domain, write_tools, ...known }: DomainState): Promise<string[]> {
  const again = { domain, idempotency_key: `start-${randomUUID()}` };
  const earlier = known.proof_is_current === true ? known.proof : undefined;
  const { passed, checks } = earlier ?? (await call<Proof>(operator, "run_smoke", again));
  if (!passed) {
    const broken = checks.filter(({ outcome }) => outcome === "failed");
    const why = broken.map(({ check, detail }) => `  ${check}: ${detail}`);
    return [`First start: the smoke test of ${domain} FAILED, so its write tools stay off.`, ...why];
  }
  for (const { tool } of write_tools) await call(operator, "graduate_tool", { tool });
  const names = write_tools.map(({ tool }) => tool).join(", ");
  return [`First start: ${domain} passed its smoke test (what reads cannot write), so it now writes too: ${names}`];
}

function stillOff({ write_tools }: DomainState): string[] {
  return write_tools.filter(({ on }) => !on).map(({ tool, why }) => `${tool} is off: ${why}.`);
}
