import type { SQLInputValue } from "node:sqlite";
import type { Generated } from "kysely";
import type { Graduation, SmokeOutcome, SmokeProof } from "../graduation-port.ts";

/** The table `smoke_proofs`, `position` in the order of their coming; the outcomes are a JSON text. */
export interface SmokeProofsTable {
  position: Generated<number>;
  id: string;
  domain: string;
  contract_hash: string;
  at: number;
  by: string;
  gate_version: string;
  passed: number;
  outcomes: string;
}

/** The table `graduations`: a write tool under one contract. */
export interface GraduationsTable {
  domain: string;
  tool: string;
  contract_hash: string;
  proof_id: string;
  at: number;
  by: string;
  withdrawn_at: number | null;
  withdrawn_by: string | null;
}

/** The columns of a proof in the order in which rows travel between threads. */
export const proofColumns = [
  "id",
  "domain",
  "contract_hash",
  "at",
  "by",
  "gate_version",
  "passed",
  "outcomes",
] as const;

/** The columns of a graduation that a change brings along. */
export const graduationColumns = ["domain", "tool", "contract_hash", "proof_id", "at", "by"] as const;

/** The columns of a graduation as it stands. */
export const graduatedColumns: readonly (keyof GraduationsTable)[] = [
  ...graduationColumns,
  "withdrawn_at",
  "withdrawn_by",
];

export function toProofValues(proof: SmokeProof): SQLInputValue[] {
  const { id, domain, contractHash, at, by, gateVersion, passed, outcomes } = proof;
  return [id, domain, contractHash, at, by, gateVersion, passed ? 1 : 0, JSON.stringify(outcomes)];
}

export function toProof(row: SmokeProofsTable): SmokeProof {
  return {
    id: row.id,
    domain: row.domain,
    contractHash: row.contract_hash,
    at: row.at,
    by: row.by,
    gateVersion: row.gate_version,
    passed: row.passed === 1,
    // Written by toProofValues; a detail that is undefined is no member there.
    outcomes: (JSON.parse(row.outcomes) as SmokeOutcome[]).map((each) => ({ ...each, detail: each.detail })),
  };
}

export function toGraduation(row: GraduationsTable): Graduation {
  return {
    domain: row.domain,
    tool: row.tool,
    contractHash: row.contract_hash,
    proofId: row.proof_id,
    at: row.at,
    by: row.by,
    withdrawnAt: row.withdrawn_at ?? undefined,
    withdrawnBy: row.withdrawn_by ?? undefined,
  };
}
