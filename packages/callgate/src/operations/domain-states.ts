import { CallError } from "../define/call-error.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { ServedTool } from "../gate/served/served.ts";
import { domainContractHash } from "../graduation/domain-contract.ts";
import type { SwitchState } from "../graduation/switch-state.ts";
import { type WhyOff, whyOff } from "../graduation/why-off.ts";
import type { SmokeProof } from "../store/graduation-port.ts";
import { type DomainInfo, toProofInfo, type WriteToolInfo } from "./domain-schemas.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

const HOUR_MS = 3_600_000;

type Knowing = Pick<GateInsides, "config" | "graduations" | "registry" | "clock">;

/** The team's domains in their order, with the state of each of their write tools. */
export function domainStates(gate: Knowing): DomainInfo[] {
  return gate.config.domains.map(({ name }) => domainState(gate, name));
}

export function domainState(gate: Knowing, name: string): DomainInfo {
  const { options, tools } = findDomain(gate, name);
  const proof = gate.graduations.proofOf(name);
  return {
    domain: name,
    owner: options.owner,
    graduation: gate.config.graduation ?? "required",
    declares_smoke: options.smoke !== undefined,
    ...(proof !== undefined && {
      proof: toProofInfo(proof),
      proof_age_hours: Math.floor((gate.clock() - proof.at) / HOUR_MS),
      proof_is_current: isCurrent(proof, tools),
    }),
    write_tools: tools.filter(({ effect }) => effect !== "read").map((tool) => writeToolState(gate, tool)),
  };
}

export function writeToolState(gate: Knowing, tool: ServedTool): WriteToolInfo {
  const state = stateOf(gate, tool);
  const since = state.kind === "on" ? { since: isoTime(state.graduation.at), by: state.graduation.by } : {};
  const off = reasonOff(gate, tool, state);
  return {
    tool: tool.name,
    domain: tool.domain.name,
    // Reads are not asked for their state.
    effect: tool.effect as WriteToolInfo["effect"],
    on: off === undefined,
    state: state.kind,
    ...since,
    ...present({ why: off?.why, next: off?.next }),
  };
}

export function stateOf({ graduations }: Knowing, { name, domain }: ServedTool): SwitchState {
  return graduations.stateOf({ name, domain: domain.name });
}

function reasonOff(gate: Knowing, { name, domain }: ServedTool, state: SwitchState): WhyOff | undefined {
  const proof = gate.graduations.proofOf(domain.name);
  return whyOff(state, {
    tool: name,
    domain: domain.name,
    declaresSmoke: domain.options.smoke !== undefined,
    isProofCurrent: proof !== undefined && isCurrent(proof, findDomain(gate, domain.name).tools),
  });
}

/** Whether a proof is of the contracts that the domain has now. */
export function isCurrent(proof: SmokeProof, tools: readonly ServedTool[]): boolean {
  return proof.contractHash === domainContractHash(tools);
}

interface FoundDomain {
  readonly options: ServedTool["domain"]["options"];
  readonly tools: readonly ServedTool[];
}

/** A domain of the team's, with its tools; of those that run the gate nothing is switched. */
export function findDomain({ config, registry }: Knowing, name: string): FoundDomain {
  const names = config.domains.map((domain) => domain.name);
  const { domains, tools } = registry();
  const found = names.includes(name) ? domains.get(name) : undefined;
  if (found !== undefined) return { options: found.options, tools: tools.filter(({ domain }) => domain === found) };
  throw new CallError("unknown_domain", `There is no domain "${name}".`, {
    category: "validation",
    next: `Domains: ${names.join(", ")}.`,
  });
}

/** A tool of the team's that changes something. */
export function findWriteTool({ config, registry }: Knowing, name: string): ServedTool {
  const team = new Set(config.domains.map((domain) => domain.name));
  const tools = registry().tools.filter(({ effect, domain }) => effect !== "read" && team.has(domain.name));
  const found = tools.find((tool) => tool.name === name);
  if (found !== undefined) return found;
  throw new CallError("unknown_write_tool", `There is no write tool "${name}".`, {
    category: "validation",
    next: `Write tools: ${tools.map((tool) => tool.name).join(", ")}.`,
  });
}
