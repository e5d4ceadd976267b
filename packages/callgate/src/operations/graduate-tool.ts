import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import type { Domain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { ServedTool } from "../gate/served/served.ts";
import type { GraduationStore, SmokeProof } from "../store/graduation-port.ts";
import { toProofInfo, WriteToolInfo } from "./domain-schemas.ts";
import { findDomain, findWriteTool, isCurrent, stateOf, writeToolState } from "./domain-states.ts";
import { present } from "./present.ts";
import { isForWholeGate } from "./run-smoke.ts";

const ToolName = z.string().describe("e.g. create_booking; list_domains gives them");

export function addGraduateTool(domains: Domain<GraduationStore>, insides: GateInsides): void {
  const { graduations, clock } = insides;
  domains.write("graduate_tool", {
    description:
      "Switch one write tool on, as its contract is now, after the smoke test of its domain has passed. From then on callers see it, " +
      "and it alone uses the write credential. The preview shows the contract and the proof. For people: agents never switch one on.",
    scope: "domains:graduate",
    repeat: "allow",
    kinds: ["person", "operator"],
    guard: ({ subject }) => isForWholeGate(subject),
    input: z.object({ tool: ToolName }),
    output: WriteToolInfo,
    plan: ({ tool: name }) => {
      const tool = findWriteTool(insides, name);
      const proof = proofFor(insides, tool);
      const preview = { action: "graduate_tool", ...contractOf(tool), proof: toProofInfo(proof) };
      return { preview, name, contractHash: tool.contractHash, proofId: proof.id };
    },
    commit: async ({ name, contractHash, proofId }, { subject }) => {
      const tool = findWriteTool(insides, name);
      const domain = tool.domain.name;
      await graduations.graduate({ domain, tool: name, contractHash, proofId, at: clock(), by: subject.id });
      return writeToolState(insides, tool);
    },
    // Not asked: switching on what is on changes nothing.
    lookup: () => undefined,
    undo: ({ tool }, { subject }) => withdraw(insides, tool, subject.id),
  });
}

export function addWithdrawTool(domains: Domain<GraduationStore>, insides: GateInsides): void {
  domains.write("withdraw_tool", {
    description:
      "Switch a write tool off: for callers it does not exist from then on, on every replica of this gate within a second. Calls " +
      "that are under way end as they would. graduate_tool brings it back.",
    scope: "domains:graduate",
    repeat: "allow",
    guard: ({ subject }) => isForWholeGate(subject),
    input: z.object({ tool: ToolName }),
    output: WriteToolInfo,
    plan: ({ tool: name }) => {
      const tool = findWriteTool(insides, name);
      refuseExempt(insides, tool);
      return { preview: { action: "withdraw_tool", tool: name, domain: tool.domain.name }, name };
    },
    commit: async ({ name }, { subject }) => {
      await withdraw(insides, name, subject.id);
      return writeToolState(insides, findWriteTool(insides, name));
    },
    // Not asked: switching off what is off changes nothing.
    lookup: () => undefined,
  });
}

function withdraw(insides: GateInsides, name: string, by: string): Promise<void> {
  const { domain, contractHash } = findWriteTool(insides, name);
  return insides.graduations.withdraw({ name, domain: domain.name, contractHash }, { at: insides.clock(), by });
}

/** What whoever switches a tool on should have read. */
function contractOf(tool: ServedTool): Readonly<Record<string, unknown>> {
  const { name, domain, effect, description, scope, modes, inputSchema, outputSchema, contractHash } = tool;
  const contract = { hash: contractHash, input: inputSchema, ...present({ output: outputSchema }) };
  return { tool: name, domain: domain.name, effect, description, ...present({ scope, modes }), contract };
}

/** The proof on which a tool may be switched on; throws where there is none. */
function proofFor(insides: GateInsides, tool: ServedTool): SmokeProof {
  refuseExempt(insides, tool);
  const domain = tool.domain.name;
  const proof = insides.graduations.proofOf(domain);
  const missing =
    proof === undefined
      ? "has not been run"
      : !proof.passed
        ? "failed"
        : !isCurrent(proof, findDomain(insides, domain).tools)
          ? "passed with other contracts than the domain has now"
          : undefined;
  if (proof !== undefined && missing === undefined) return proof;
  throw new CallError("smoke_needed", `The smoke test of ${domain} ${missing}.`, {
    category: "domain",
    next: `Call run_smoke with domain "${domain}", or on the command line: callgate smoke ${domain}`,
  });
}

function refuseExempt(insides: GateInsides, tool: ServedTool): void {
  if (stateOf(insides, tool).kind !== "exempt") return;
  throw new CallError("graduation_off", `${tool.name} is on: in this gate nothing needs to be switched on.`, {
    category: "domain",
    next: 'Its config says `graduation: "off"`. Leave that out to have write tools switched on one by one.',
  });
}
