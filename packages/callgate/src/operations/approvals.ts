import { z } from "zod";
import type { ApprovalSummary } from "../approvals/approval-view.ts";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { Subject } from "../define/subject.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { WriteLedger } from "../ledger/write-ledger.ts";
import type { WriteState } from "../store/ledger-port.ts";
import { Approval, ApprovalId, Summary } from "./approval-schemas.ts";
import { addDecideApproval } from "./decide-approval.ts";
import { findApproval, type Looking, mayKnow, toApproval, toSummary } from "./view-approval.ts";
import { addWithdrawApproval } from "./withdraw-approval.ts";

export const APPROVALS_DOMAIN = "approvals";

/** Open requests that one list looks at, and of those that it shows. */
const MOST_LOOKED_AT = 2_000;
const MOST_SHOWN = 100;

/**
 * The writes that wait for a person. Its tools are for people alone, without a scope: whom a request concerns is told by
 * the request, and whoever it does not concern is told of none. They have an endpoint of their own, so that a model that
 * calls with a person's key does not find at hand what would have it decide its own calls.
 */
export function approvalsDomain(insides: GateInsides): Domain<WriteLedger> {
  const { store, ledger } = insides;
  const approvals = defineDomain<WriteLedger>(APPROVALS_DOMAIN, {
    owner: "gate-operators",
    purpose: "Seeing what waits for a person's word, exactly what would happen, and deciding it.",
    endpoint: "own",
    concern: "Nobody may approve what they have not seen, for somebody else, or what they asked for themselves.",
    backend: {
      start: () => ledger,
      health: (_ledger, signal) => store.health(signal),
      // Saying again what one has said changes nothing.
      takesIdempotencyKey: true,
    },
  });
  addListApprovals(approvals, insides);
  addGetApproval(approvals, insides);
  addDecideApproval(approvals, insides);
  addWithdrawApproval(approvals, insides);
  return approvals;
}

function addListApprovals(approvals: Domain<WriteLedger>, insides: GateInsides): void {
  approvals.read("list_approvals", {
    description:
      "List the writes that wait for your word, and those asked for you or by you that are open, newest first.",
    kinds: ["person"],
    input: z.object({}),
    output: z.object({
      approvals: z.array(Summary),
      more: z.boolean().optional().describe("There are more than are shown: decide some of them first"),
    }),
    run: async (_input, { subject, backend }) => {
      const looking = { subject, ledger: backend, now: insides.clock() };
      const waiting = await open("awaiting", looking, insides);
      const approved = await open("approved", looking, insides);
      const found = [...waiting.found, ...approved.found].filter(({ state }) => state !== "expired");
      const more = waiting.more || approved.more || found.length > MOST_SHOWN;
      return { approvals: found.slice(0, MOST_SHOWN), ...(more && { more }) };
    },
  });
}

interface Open {
  readonly found: readonly ApprovalSummary[];
  readonly more: boolean;
}

async function open(state: WriteState, looking: Looking, { store }: GateInsides): Promise<Open> {
  const { subject } = looking;
  const found: ApprovalSummary[] = [];
  let cursor: string | undefined;
  let seen = 0;
  do {
    const page = await store.ledger.list({ state, limit: 100, ...tenantOf(subject), ...(cursor && { cursor }) });
    found.push(...page.rows.filter((row) => mayKnow(subject, row)).map((row) => toSummary(row, looking)));
    seen += page.rows.length;
    cursor = page.cursor;
  } while (cursor !== undefined && seen < MOST_LOOKED_AT && found.length < MOST_SHOWN);
  return { found, more: cursor !== undefined };
}

function tenantOf({ tenant }: Subject): { readonly tenant?: string } {
  return tenant === undefined ? {} : { tenant };
}

function addGetApproval(approvals: Domain<WriteLedger>, { clock }: GateInsides): void {
  approvals.read("get_approval", {
    description: "Get one approval by its id: what would happen, for whom, why, and what was decided so far.",
    kinds: ["person"],
    input: z.object({ approval_id: ApprovalId }),
    output: Approval,
    run: async ({ approval_id }, { subject, backend }) => {
      const looking = { subject, ledger: backend, now: clock() };
      return toApproval(await findApproval(looking, approval_id), looking);
    },
  });
}
