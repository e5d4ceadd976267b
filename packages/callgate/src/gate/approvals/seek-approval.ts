import { inputRequired } from "../../define/input-required.ts";
import { toSignal } from "../../define/stop.ts";
import { approvalOf } from "../../ledger/write-approvals.ts";
import type { DemandedLevel, LedgerRow } from "../../store/ledger-port.ts";
import type { Ending } from "../answers/ending.ts";
import { gateError } from "../answers/gate-error.ts";
import { APPROVAL, askClient } from "../ask-client.ts";
import type { Call } from "../call/call.ts";
import { standAside } from "../limit.ts";
import type { ServedTool } from "../served/served.ts";
import { decideApproval, lapseApproval } from "./approval-news.ts";
import { fillForm, openPage } from "./approval-questions.ts";

const MOST_WAIT_MS = 25_000;

/** The call is answered, or the row has moved on. */
export type Sought =
  | { readonly kind: "ended"; readonly ending: Ending }
  | { readonly kind: "moved"; readonly row: LedgerRow };

/**
 * What a call gets whose write waits for approval, by the means that its client has: a form where the client's own word
 * is enough, the page for the person who sits before it, else the words that say who decides where. Asks in one round
 * at most; whoever comes back waits a while for the decision. See docs/approvals.md.
 */
export async function seekApproval(call: Call, tool: ServedTool, row: LedgerRow): Promise<Sought> {
  const approval = approvalOf(row);
  const now = call.gate.clock();
  if (approval.expiresAt <= now) return moved(call, await lapseApproval(call.gate, row), row);
  if (call.approvalId === approval.id) {
    if (approval.level === "client") return takeWord(call, tool, row);
    return wait(call, tool, row);
  }
  const question = questionFor(call, tool, row);
  if (question !== undefined) return { kind: "ended", ending: question };
  if (row.callId === call.id || call.own.key === undefined) throw approvalPending(call, tool, row);
  return wait(call, tool, row);
}

/** A person has said no. */
export function approvalDenied(tool: ServedTool, row: LedgerRow): Error {
  const said = approvalOf(row).decisions.findLast(({ verdict }) => verdict === "deny");
  const note = said?.note === undefined ? "" : `: ${said.note}`;
  return gateError("approval_denied", `${deniers[said?.as ?? "operator"]} said no to this ${tool.name}${note}`, {
    next: "Do not send it again as it is. Ask the person you act for what they want instead.",
    details: { idempotency_key: row.key, write_id: row.id },
  });
}

const deniers = { client: "The person at the client", owner: "The person it is for", operator: "An operator" } as const;

/** The client's own yes, where that is enough. A form that was closed decides nothing. */
async function takeWord(call: Call, tool: ServedTool, row: LedgerRow): Promise<Sought> {
  const verdict = verdictOf(call);
  if (verdict === undefined) throw approvalPending(call, tool, row);
  const { id, user } = call.subject;
  const decided = await decideApproval(call.gate, row, {
    verdict,
    by: id,
    ...(user !== undefined && { user }),
    as: "client",
    at: call.gate.clock(),
  });
  return moved(call, decided, row);
}

function verdictOf({ approvalResponse }: Call): "approve" | "deny" | undefined {
  const { action, content } = approvalResponse ?? {};
  if (action === "decline") return "deny";
  if (action !== "accept" || typeof content !== "object" || content === null) return undefined;
  return (content as Readonly<Record<string, unknown>>)["approve"] === true ? "approve" : "deny";
}

async function wait(call: Call, tool: ServedTool, row: LedgerRow): Promise<Sought> {
  const { ledger, clock, draining } = call.gate;
  const since = performance.now();
  const until = Math.min(clock() + MOST_WAIT_MS, approvalOf(row).expiresAt);
  const comeBack = standAside(call);
  // A gate that stops waits for no person: the call comes again, to another replica.
  const after = await ledger.waits.whenDecided(row, until, AbortSignal.any([toSignal(call.exchange.signal), draining]));
  call.addWaiting(Math.ceil(performance.now() - since));
  call.mark("approval");
  if (after.state === "awaiting" && approvalOf(after).expiresAt > clock()) throw approvalPending(call, tool, after);
  if (comeBack()) return { kind: "moved", row: after };
  throw gateError("concurrency_limited", `${tool.name} is decided, and runs as often as it may at once.`, {
    next: `Call again with the same arguments and idempotency_key "${row.key}".`,
    retry: "same_key",
  });
}

async function moved(call: Call, after: LedgerRow | undefined, before: LedgerRow): Promise<Sought> {
  return { kind: "moved", row: after ?? (await call.gate.ledger.get(before.id)) ?? before };
}

/** What the client can be asked; undefined where it has no means, or the decision is not its person's. */
function questionFor(call: Call, tool: ServedTool, row: LedgerRow): Ending | undefined {
  // A tool that called this one cannot be asked anything.
  if (call.nested) return undefined;
  const params = fillForm(call, tool, row) ?? openPage(call, tool, row);
  if (params === undefined) return undefined;
  const { id } = approvalOf(row);
  const requests = { [APPROVAL]: { method: "elicitation/create", params } } as const;
  const carried = { key: row.key, approval: { id, responses: call.inputResponses } };
  return askClient(call, inputRequired({ requests, state: call.state }), carried);
}

/** Nothing is wrong: somebody has to decide first. Says who, and where where that may be known. */
function approvalPending(call: Call, tool: ServedTool, row: LedgerRow): Error {
  const { level, expiresAt, decisions } = approvalOf(row);
  const link = level === "owner" || level === "client" ? call.gate.pages.approval(approvalOf(row).id) : undefined;
  const where = link === undefined ? 'with "callgate approvals"' : `at ${link}`;
  return gateError(
    "approval_pending",
    `${tool.name} waits for the approval of ${deciders[level]}; nothing was done yet.`,
    {
      next: `${whoDecides(call, level, where)} Then call again with the same arguments and idempotency_key "${row.key}".`,
      retry: "same_key",
      details: {
        idempotency_key: row.key,
        write_id: row.id,
        approval: level,
        ...(level === "two" && { approved_by: decisions.length }),
        expires_at: new Date(expiresAt).toISOString(),
      },
    },
  );
}

/** An operator's link is for operators: whoever asked does not get it. */
function whoDecides({ gate }: Call, level: DemandedLevel, where: string): string {
  if (level === "client" || level === "owner") return `Tell the user, who decides ${where}.`;
  if (gate.notices.areTold) return "Tell the user that the people who run this have been asked.";
  return "Tell the user to ask the people who run this, who find it in their list of approvals: nothing tells them of it.";
}

const deciders = {
  client: "the person that you act for",
  owner: "the person that you act for",
  operator: "another person, who runs this",
  two: "two other people, who run this",
} as const;
