import { effectTools, isLong } from "../effects/effect.ts";
import { type CaseFile, isEnd } from "./case-file.ts";
import type { Write } from "./evidence.ts";
import type { Rule, Violation } from "./violation.ts";

/** Refusals that are counted by the second, and the answer that says of itself that it is not on record. */
const notByCall = new Set(["overloaded", "rate_limited", "concurrency_limited", "quota_exhausted", "not_recorded"]);

/** No answer left without its row, and none has two. */
export const everyAnswerIsOnRecord: Rule = function* ({ requests, recordsByTrace }) {
  for (const { trace, story, tool, answer } of requests) {
    if (answer.kind === "lost" || answer.kind === "unreached") continue;
    if (answer.kind === "no" && notByCall.has(answer.code)) continue;
    // What does not exist for a caller has no name on record; what a tool calls has another.
    const recordedAs = answer.kind === "no" && answer.code === "unknown_tool" ? undefined : tool;
    const records = (recordsByTrace.get(trace) ?? []).filter(
      ({ kind, tool: of }) => kind === "call" && of === recordedAs,
    );
    // A task has its own row beside those of the calls that were told of it.
    if (isLong(tool) ? records.length === 0 : records.length !== 1)
      yield {
        kind: "unrecorded",
        where: story,
        what: `an answer with ${records.length} rows in the audit, trace ${trace}`,
      };
  }
};

/** Every effect is told of by one call on record: the one that made it, or the one that was cut off while it did. */
export const everyEffectIsOnRecord: Rule = function* (file) {
  for (const write of file.writes) {
    if (!(write.tool in effectTools) || file.effectsOf(write).length === 0) continue;
    const violation = judgeRecord(file, write);
    if (violation !== undefined) yield violation;
  }
};

function judgeRecord({ recordsByWrite }: CaseFile, { id, tool, key }: Write): Violation | undefined {
  const ends = (recordsByWrite.get(id) ?? []).filter(isEnd);
  // One call may be there twice: cut off, as others believed, and then with its own row after all.
  const madeIt = new Set(ends.filter(({ outcome }) => outcome === "ok").map((row) => row.callId));
  const inDoubt = ends.some(({ outcome }) => outcome === "unknown");
  const where = `${tool} ${key}`;
  if (madeIt.size > 1) return { kind: "unrecorded", where, what: `${madeIt.size} calls say that they made its effect` };
  if (madeIt.size === 0 && !inDoubt)
    return { kind: "unrecorded", where, what: "no call on record says that it made its effect, or may have" };
  return undefined;
}

/** A row that says that a write was done is right. */
export const recordsAreTrue: Rule = function* ({ audit, writeById, effectsOf }) {
  for (const { kind, outcome, effect, writeId, callId, tool } of audit) {
    if (outcome !== "ok" || kind === "refusals" || effect === "read" || writeId === undefined) continue;
    const write = writeById.get(writeId);
    if (tool === undefined || !(tool in effectTools)) continue;
    if (write === undefined || effectsOf(write).length === 0)
      yield { kind: "contradiction", where: callId, what: "on record as done, and nothing happened" };
  }
};

/** Every call that held a write has its end on record, and so has every call that was announced. */
export const everyIntentEnded: Rule = function* ({ writes, audit, endedCalls }) {
  for (const { callId, tool, key } of writes)
    if (!endedCalls.has(callId))
      yield {
        kind: "unrecorded",
        where: `${tool} ${key}`,
        what: `the call ${callId} held it, and has no end on record`,
      };
  for (const { kind, callId } of audit)
    if (kind === "intent" && !endedCalls.has(callId))
      yield { kind: "unrecorded", where: callId, what: "a call that was announced has no end on record" };
};

/** The record proves itself. */
export const recordIsWhole: Rule = function* ({ faults }) {
  for (const { writer, ordinal, problem, detail } of faults)
    yield { kind: "broken", where: `audit ${writer} ${ordinal}`, what: `${problem}: ${detail}` };
};
