import type { Claim, ClaimOutcome, LedgerRow } from "../../ledger-port.ts";
import { claimedRow } from "../../ledger-rows.ts";
import { StoreError } from "../../store-error.ts";
import type { Settled } from "../database/batch-queue.ts";
import type { Connections } from "../database/connections.ts";
import { persist } from "../database/persist.ts";
import { rowFromJson } from "./write-rows.ts";

/** A claim with the name of this one attempt to make it. */
export interface NamedClaim {
  readonly claim: Claim;
  readonly movedBy: string;
}

/** Makes claims in one transaction; gives their outcomes in the order of the claims. */
export async function claimBatch(
  connections: Connections,
  claims: readonly NamedClaim[],
): Promise<readonly Settled<ClaimOutcome>[]> {
  const given = JSON.stringify(claims.map(toWish));
  const text = "SELECT for_number, outcome, row_json FROM claim_writes($1)";
  const rows = await persist(() => connections.run({ name: "claim-writes", text, values: [given] }));
  const settled: Settled<ClaimOutcome>[] = [];
  for (const [number, kind, found] of rows) {
    const claim = claims[Number(number)]?.claim;
    if (claim !== undefined) settled[Number(number)] = toOutcome(claim, String(kind), found);
  }
  return settled;
}

function toWish({ claim, movedBy }: NamedClaim, number: number): Readonly<Record<string, unknown>> {
  return {
    number,
    id: claim.id,
    subject: claim.subject,
    tenant: claim.tenant,
    tool: claim.tool,
    key: claim.key,
    new_key: claim.newKey,
    digest: claim.digest,
    contract_hash: claim.contractHash,
    call_id: claim.callId,
    owner: claim.owner,
    now: claim.now,
    lease_until: claim.leaseUntil,
    repeat_since: claim.repeatSince,
    moved_by: movedBy,
  };
}

function toOutcome(claim: Claim, kind: string, found: unknown): Settled<ClaimOutcome> {
  if (kind === "conflict")
    return { error: new StoreError("store_conflict", `there is a write with the id ${claim.id} already`) };
  const row: LedgerRow = typeof found === "string" ? rowFromJson(found) : claimedRow(claim);
  // The function gives the kinds of the port, and "conflict".
  return { value: { kind: kind as ClaimOutcome["kind"], row } };
}
