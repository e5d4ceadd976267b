import { isMoving } from "../ledger/write-waits.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import { isOpenTask } from "../tasks/task-board.ts";
import type { Ending } from "./answers/ending.ts";
import { gateError } from "./answers/gate-error.ts";
import { approvalDenied, seekApproval } from "./approvals/seek-approval.ts";
import type { Call } from "./call/call.ts";
import { callDigest } from "./call/call-digest.ts";
import { newId, randomHex } from "./call/ids.ts";
import { writeOf } from "./preview.ts";
import type { ServedTool } from "./served/served.ts";
import { followTask } from "./tasks/follow-task.ts";
import { taskOfWrite } from "./tasks/task-of-write.ts";
import { leaseOf } from "./writes/lease.ts";
import { recordCutOff } from "./writes/recover.ts";
import { refuseMadeBefore } from "./writes/refuse-made-before.ts";
import { replay } from "./writes/replay.ts";
import { performWrite, resumeUnknown } from "./writes/write.ts";

const REPEAT_WITHIN_MS = 60_000;
const MOST_WAIT_MS = 25_000;
const GUESSABLE_BELOW = 24;

/** Stage 8. Finds the ledger row that this write belongs to, or claims one; only the holder of the row goes on to write. */
export async function once(call: Call, tool: ServedTool): Promise<Ending> {
  const { ledger, clock } = call.gate;
  const newKey = `key_${randomHex(12)}`;
  if (tool.declaration.renamed?.from !== undefined) await refuseMadeBefore(call, tool);
  const claimed = await ledger.claim({
    id: newId("write", clock()),
    newKey,
    subject: call.subject.id,
    tenant: call.subject.tenant,
    tool: tool.name,
    key: keyOf(call, newKey),
    digest: callDigest(call, tool),
    contractHash: tool.contractHash,
    callId: call.id,
    leaseUntil: leaseOf(call),
    repeatWithinMs: writeOf(tool).repeat === "allow" ? 0 : REPEAT_WITHIN_MS,
  });
  call.writeId = claimed.row.id;
  call.mark("once");
  if (claimed.kind === "mismatch") throw keyReused(tool, claimed.row);
  if (claimed.kind === "repeat") throw repeatUnclear(tool, claimed.row);
  call.writeKey = claimed.row.key;
  if (claimed.kind === "found") return follow(call, tool, claimed.row);
  call.gate.at?.("claimed");
  return (await performWrite(call, tool, claimed.row)) ?? followOn(call, tool, claimed.row);
}

/** Another call's row: wait while it moves, then do what its state allows. */
async function follow(call: Call, tool: ServedTool, found: LedgerRow): Promise<Ending> {
  const { ledger, clock } = call.gate;
  const task = await taskOfWrite(call, tool, found);
  if (task !== undefined) return isOpenTask(task) ? followTask(call, tool, task) : takeFromTask(call, tool, found);
  const row = await ledger.waits.whenSettled(found, Math.min(call.deadline, clock() + MOST_WAIT_MS));
  call.mark("wait");
  // The call that held it has begun a task, which holds it now.
  const isOfTask = row.owner !== found.owner && isMoving(row) && !ledger.isAbandoned(row);
  return isOfTask ? follow(call, tool, row) : goOn(call, tool, row);
}

/** A task is over when its write has ended: a row that still moves was left behind by it, whatever its lease says. */
async function takeFromTask(call: Call, tool: ServedTool, found: LedgerRow): Promise<Ending> {
  const row = (await call.gate.ledger.get(found.id)) ?? found;
  if (row.owner !== found.owner) return follow(call, tool, row);
  if (row.state === "claimed") return retake(call, tool, row);
  return row.state === "running" ? doubt(call, tool, row) : goOn(call, tool, row);
}

async function goOn(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const { ledger } = call.gate;
  switch (row.state) {
    case "done":
    case "failed":
      return replay(call, tool, row);
    case "unknown":
      return (await resumeUnknown(call, tool, row)) ?? followOn(call, tool, row);
    case "awaiting":
      return awaiting(call, tool, row);
    case "approved":
      return (await performWrite(call, tool, row)) ?? followOn(call, tool, row);
    case "denied":
      throw approvalDenied(tool, row);
    case "released":
    case "expired":
    case "withdrawn":
      return once(call, tool);
    case "claimed":
      return ledger.isAbandoned(row) ? retake(call, tool, row) : stillRunning(call, row);
    case "running":
      return ledger.isAbandoned(row) ? doubt(call, tool, row) : stillRunning(call, row);
  }
}

/** Somebody has to decide: the client is asked or told so, or the decision is waited for. */
async function awaiting(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const sought = await seekApproval(call, tool, row);
  return sought.kind === "ended" ? sought.ending : follow(call, tool, sought.row);
}

async function retake(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const mine = await call.gate.ledger.retake(row, call.id, leaseOf(call));
  if (mine === undefined) return followOn(call, tool, row);
  await recordCutOff(call.gate, [row]);
  return (await performWrite(call, tool, mine)) ?? followOn(call, tool, row);
}

/** The holder died after `running`: nobody here knows what became of it. */
async function doubt(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const doubtful = await call.gate.ledger.doubt(row, "interrupted");
  if (doubtful === undefined) return followOn(call, tool, row);
  await recordCutOff(call.gate, [doubtful]);
  return (await resumeUnknown(call, tool, doubtful)) ?? followOn(call, tool, row);
}

/** Another call was faster: its outcome is the one. */
async function followOn(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  return follow(call, tool, (await call.gate.ledger.get(row.id)) ?? row);
}

function stillRunning(call: Call, row: LedgerRow): never {
  throw gateError("write_in_progress", `This write is running since ${call.gate.clock() - row.updatedAt} ms.`, {
    next: `Call again with idempotency_key "${row.key}" to get its outcome.`,
    retry: "same_key",
    details: { idempotency_key: row.key, write_id: row.id },
  });
}

/** Strangers share no rows: what one of them writes hangs on a key that no other can guess, given out or brought along. */
function keyOf(call: Call, newKey: string): string | undefined {
  const { key } = call.own;
  if (call.subject.kind !== "anonymous") return key;
  if (key === undefined) return newKey;
  if (key.length >= GUESSABLE_BELOW) return key;
  throw gateError(
    "key_too_weak",
    `Without a credential an idempotency_key needs ${GUESSABLE_BELOW} characters or more, at random.`,
    {
      next: "Use a UUID, or leave the key out and take the one that the answer gives.",
    },
  );
}

function keyReused(tool: ServedTool, row: LedgerRow): Error {
  const difference =
    row.contractHash === tool.contractHash ? "with other arguments" : `from before ${tool.name} changed`;
  return gateError("key_reused", `This idempotency_key belongs to a call of yours ${difference}.`, {
    next: "Use a new key for this call, or the earlier arguments to get the earlier outcome.",
    details: { idempotency_key: row.key, used_at: new Date(row.createdAt).toISOString() },
  });
}

function repeatUnclear(tool: ServedTool, row: LedgerRow): Error {
  const repeatKey = `key_${randomHex(12)}`;
  return gateError("repeat_unclear", `An equal ${tool.name} of yours finished a moment ago; nothing was done again.`, {
    next: `To get its outcome, call again with idempotency_key "${row.key}". To do it once more on purpose, call again with idempotency_key "${repeatKey}".`,
    retry: "same_key",
    details: {
      finished_key: row.key,
      repeat_key: repeatKey,
      finished_at: new Date(row.finishedAt ?? row.updatedAt).toISOString(),
    },
  });
}
