import { z } from "zod";
import { SWITCH_STATES, type SwitchState } from "../graduation/switch-state.ts";
import type { SmokeOutcome, SmokeProof } from "../store/graduation-port.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

/** One check of a smoke test, as people may see it. */
export interface CheckInfo {
  readonly check: string;
  readonly outcome: SmokeOutcome["outcome"];
  readonly detail?: string | undefined;
  readonly ms: number;
}

/** What a smoke test found. */
export interface ProofInfo {
  readonly proof_id: string;
  readonly domain: string;
  readonly passed: boolean;
  readonly at: string;
  readonly by: string;
  readonly gate_version?: string | undefined;
  readonly contract_hash: string;
  readonly checks: CheckInfo[];
}

/** Whether a write tool is there for callers. */
export interface WriteToolInfo {
  readonly tool: string;
  readonly domain: string;
  readonly effect: "write" | "destructive";
  readonly on: boolean;
  readonly state: SwitchState["kind"];
  readonly since?: string | undefined;
  readonly by?: string | undefined;
  readonly why?: string | undefined;
  readonly next?: string | undefined;
}

/** How far a domain has come. */
export interface DomainInfo {
  readonly domain: string;
  readonly owner: string;
  readonly graduation: "required" | "off";
  readonly declares_smoke: boolean;
  readonly proof?: ProofInfo | undefined;
  readonly proof_age_hours?: number | undefined;
  readonly proof_is_current?: boolean | undefined;
  readonly write_tools: WriteToolInfo[];
}

const CheckInfo: z.ZodType<CheckInfo, CheckInfo> = z.object({
  check: z.string(),
  outcome: z.enum(["passed", "failed", "skipped"]),
  detail: z.string().optional().describe("What was wrong, or the words in which a write was refused"),
  ms: z.int(),
});

export const ProofInfo: z.ZodType<ProofInfo, ProofInfo> = z.object({
  proof_id: z.string(),
  domain: z.string(),
  passed: z.boolean(),
  at: z.string(),
  by: z.string(),
  gate_version: z.string().optional(),
  contract_hash: z.string().describe("Over the contracts of all tools of the domain, as they were then"),
  checks: z.array(CheckInfo),
});

export const WriteToolInfo: z.ZodType<WriteToolInfo, WriteToolInfo> = z.object({
  tool: z.string(),
  domain: z.string(),
  effect: z.enum(["write", "destructive"]),
  on: z.boolean().describe("false: for callers it does not exist"),
  state: z.enum(SWITCH_STATES),
  since: z.string().optional(),
  by: z.string().optional().describe("Who switched it on"),
  why: z.string().optional().describe("Why it is off"),
  next: z.string().optional().describe("What switches it on: a command, or a change of the domain"),
});

export const DomainInfo: z.ZodType<DomainInfo, DomainInfo> = z.object({
  domain: z.string(),
  owner: z.string(),
  graduation: z.enum(["required", "off"]).describe("off: its write tools are there from the start"),
  declares_smoke: z.boolean(),
  proof: ProofInfo.optional().describe("Of its newest smoke test; absent where none was run"),
  proof_age_hours: z.int().optional(),
  proof_is_current: z.boolean().optional().describe("false: its contracts are no longer those of the proof"),
  write_tools: z.array(WriteToolInfo),
});

export function toProofInfo(proof: SmokeProof): ProofInfo {
  const { id, domain, passed, at, by, gateVersion, contractHash, outcomes } = proof;
  return {
    proof_id: id,
    domain,
    passed,
    at: isoTime(at),
    by,
    ...(gateVersion !== "" && { gate_version: gateVersion }),
    contract_hash: contractHash,
    checks: outcomes.map(({ check, outcome, detail, durationMs }) => ({
      check,
      outcome,
      ms: durationMs,
      ...present({ detail }),
    })),
  };
}
