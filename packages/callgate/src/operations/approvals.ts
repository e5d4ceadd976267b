import { z } from "zod";
import type { ApprovalSummary } from "../approvals/approval-view.ts";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { Subject } from "../define/subject.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { WriteLedger } from "../ledger/write-ledger.ts";
import { Approval, ApprovalId, MOST_APPROVAL_BYTES, Summary } from "./approval-schemas.ts";
import { addDecideApproval } from "./decide-approval.ts";
import { pageAfter } from "./page-after.ts";
import { findApproval, type Looking, mayKnow, toApproval, toSummary } from "./view-approval.ts";
import { addWithdrawApproval } from "./withdraw-approval.ts";

export const APPROVALS_DOMAIN = "approvals";

/** Open requests that one page looks at, at a time and in all, and of those that it shows. */
const LOOKED_AT_ONCE = 50;
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
    input: z.object({ cursor: z.string().optional().describe("next_cursor of the page before") }),
    output: z.object({
      approvals: z.array(Summary),
      next_cursor: z.string().optional().describe("There may be more: pass it as cursor"),
    }),
    run: async ({ cursor }, { subject, backend }) => {
      const looking = { subject, ledger: backend, now: insides.clock() };
      const { found, next } = await pageAfter(cursor, openOnes(placeOf(cursor), looking, insides));
      return {
        approvals: found.filter(({ state }) => state !== "expired"),
        ...(next !== undefined && { next_cursor: [next.state, next.cursor].join(" ").trimEnd() }),
      };
    },
  });
}

const openStates = ["awaiting", "approved"] as const;

/** Where a list goes on: what waits comes first, then what is approved and not begun. */
interface Place {
  readonly state: (typeof openStates)[number];
  readonly cursor: string | undefined;
}

interface Page {
  readonly found: readonly ApprovalSummary[];
  readonly next: Place | undefined;
}

/** The open requests of which this subject may know, until a page is full or enough was looked at. */
async function openOnes(from: Place, looking: Looking, { store }: GateInsides): Promise<Page> {
  const { subject, ledger } = looking;
  const found: ApprovalSummary[] = [];
  let seen = 0;
  let next: Place | undefined = from;
  while (next !== undefined && seen < MOST_LOOKED_AT && found.length <= MOST_SHOWN - LOOKED_AT_ONCE) {
    const { state, cursor }: Place = next;
    const page = await store.ledger.list({
      state,
      limit: LOOKED_AT_ONCE,
      ...tenantOf(subject),
      ...(cursor !== undefined && { cursor }),
    });
    const known = await Promise.all(page.rows.filter((row) => mayKnow(subject, row)).map(({ id }) => ledger.get(id)));
    const open = known.filter((row) => row !== undefined).filter((row) => row.state === state);
    found.push(...open.map((row) => toSummary(row, looking)));
    seen += page.rows.length;
    next = page.cursor !== undefined ? { state, cursor: page.cursor } : placeAfter(state);
  }
  return { found, next };
}

function placeAfter(state: Place["state"]): Place | undefined {
  return state === "awaiting" ? { state: "approved", cursor: undefined } : undefined;
}

function placeOf(text: string | undefined): Place {
  const [name = "", cursor] = text?.split(" ") ?? ["awaiting"];
  const state = openStates.find((each) => each === name);
  // The store refuses what is no cursor of its own.
  return state === undefined ? { state: "awaiting", cursor: name } : { state, cursor };
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
    maxResultBytes: MOST_APPROVAL_BYTES,
    run: async ({ approval_id }, { subject, backend }) => {
      const looking = { subject, ledger: backend, now: clock() };
      return toApproval(await findApproval(looking, approval_id), looking);
    },
  });
}
