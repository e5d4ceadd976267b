import { describe, expect, it } from "vitest";
import { backendKey } from "../../../packages/callgate/src/gate/writes/backend-key.ts";
import type { ApprovalDecision, RowApproval } from "../../../packages/callgate/src/store/ledger-port.ts";
import type { Answer, Request } from "../clients/history.ts";
import { check } from "./check.ts";
import type { AuditEntry, Write } from "./evidence.ts";
import { goodRun, replace, type SpoilableRun } from "./good-run.ts";

/** What the checker finds in a good run after it was spoilt. */
function foundAfter(spoil: (run: SpoilableRun) => void): readonly string[] {
  const run = goodRun();
  spoil(run);
  return check(run).map(({ kind, where }) => `${kind} ${where}`);
}

const drop = <Row>(rows: Row[], isIt: (row: Row) => boolean): void => void rows.splice(rows.findIndex(isIt), 1);

describe("the checker", () => {
  it("[W2] finds nothing in a run in which all went well", () => {
    expect(check(goodRun())).toEqual([]);
  });

  it.each<readonly [string, string, (run: SpoilableRun) => void]>([
    [
      "a second effect under one key",
      "duplicate s1",
      ({ effects }) => void effects.push({ ...(effects[0] as (typeof effects)[number]), id: 9 }),
    ],
    [
      "a second effect under another key",
      "duplicate s1",
      (run) => {
        const again = { ...run.want("s1 again", { tool: "place_order", state: "done" }) };
        run.effects.push({ id: 9, key: backendKey(again), story: "s1", tool: "place_order" });
      },
    ],
    [
      "an effect that no row of the ledger knows",
      "unrecorded s1",
      ({ writes }) => drop(writes, ({ key }) => key === "s1"),
    ],
    ["an effect that was told and never was", "lost s1", ({ effects }) => drop(effects, ({ story }) => story === "s1")],
    [
      "a row that says done, of nothing",
      "lost place_order s1",
      ({ effects }) => drop(effects, ({ story }) => story === "s1"),
    ],
    [
      "a row that says that nothing was done, of something",
      "contradiction place_order s1",
      ({ writes }) => replace(writes, ({ key }) => key === "s1", { state: "released" }),
    ],
    [
      "a row that says no, of something",
      "contradiction send_letter s2",
      ({ writes }) => replace(writes, ({ key }) => key === "s2", { state: "failed" }),
    ],
    [
      "a write that is still running",
      "unended place_order s1",
      ({ writes }) => replace(writes, ({ key }) => key === "s1", { state: "running" }),
    ],
    [
      "a write that is unknown though its backend takes the key",
      "unended place_order s1",
      ({ writes }) => replace(writes, ({ key }) => key === "s1", { state: "unknown" }),
    ],
    [
      "a write that is unknown though its backend knows",
      "unended send_letter s2",
      ({ writes }) => replace(writes, ({ key }) => key === "s2", { state: "unknown" }),
    ],
    ["an answer that nobody finds again", "lost s1", (run) => replaceLast(run, { kind: "no", code: "backend_down" })],
    [
      "an answer that was forgotten, and done anew",
      "lost s1",
      (run) => replaceLast(run, { kind: "done", replayed: false, effect: 1, story: "s1" }),
    ],
    [
      "two that were told that they did it",
      "contradiction s1",
      (run) => replaceLast(run, { kind: "done", replayed: false, effect: 1, story: "s1" }),
    ],
    [
      "two who were told of different effects",
      "contradiction s1",
      (run) => replaceLast(run, { kind: "done", replayed: true, effect: 2, story: "s1" }),
    ],
    [
      "another's answer",
      "contradiction s1",
      (run) => replaceLast(run, { kind: "done", replayed: true, effect: 1, story: "s2" }),
    ],
    ["a write that nobody asked about", "unended s1", ({ requests }) => drop(requests, isAskedAgain)],
    [
      "an effect of what was refused",
      "contradiction s3",
      (run) => {
        const key = backendKey(run.writes[2] as Write);
        run.effects.push({ id: 9, key, story: "s3", tool: "send_letter" });
      },
    ],
    [
      "an effect though every answer says that nothing was done",
      "contradiction s1",
      ({ requests }) => {
        for (const _each of requests.filter(({ story }) => story === "s1"))
          replace(requests, ({ story, answer }) => story === "s1" && answer.kind === "done", {
            answer: { kind: "no", code: "deadline_exceeded" },
          });
      },
    ],
    [
      "an edited write that took place",
      "contradiction s1",
      ({ requests }) => replace(requests, ({ story }) => story === "s1", { purpose: "edited" }),
    ],
    [
      "a pair of which one part is missing",
      "lost pair",
      (run) => {
        run.done("pair", "place_pair");
        run.done("pair.first");
      },
    ],
    [
      "an answer that is not on record",
      "unrecorded s1",
      ({ audit }) => drop(audit, ({ traceId }) => traceId === "trace 2"),
    ],
    [
      "an answer that is on record twice",
      "unrecorded s1",
      ({ audit }) => void audit.push({ ...(audit[0] as AuditEntry), callId: "s1 9", outcome: "replayed" }),
    ],
    [
      "an effect that no call on record made",
      "unrecorded place_order s1",
      ({ audit }) => replace(audit, ({ traceId }) => traceId === "trace 1", { outcome: "replayed" }),
    ],
    [
      "an effect that two calls on record made",
      "unrecorded place_order s1",
      ({ audit }) => replace(audit, ({ traceId }) => traceId === "trace 2", { outcome: "ok" }),
    ],
    [
      "a call on record that did nothing",
      "contradiction s3 1",
      ({ audit }) => replace(audit, ({ callId }) => callId === "s3 1", { outcome: "ok" }),
    ],
    [
      "a call that held a write and has no end on record",
      "unrecorded place_order s1",
      ({ audit }) => replace(audit, ({ callId }) => callId === "s1 1", { kind: "intent" }),
    ],
    [
      "a call that was announced and has no end on record",
      "unrecorded s9 1",
      ({ audit }) => void audit.push({ ...(audit[0] as AuditEntry), callId: "s9 1", kind: "intent" }),
    ],
    [
      "a record that does not prove itself",
      "broken audit w 7",
      ({ faults }) =>
        void faults.push({ writer: "w", ordinal: 7, callId: undefined, problem: "missing", detail: "a gap" }),
    ],
    [
      "an effect that nobody was asked about",
      "unapproved send_big_letter s4",
      ({ writes }) => replace(writes, ({ key }) => key === "s4", { approval: undefined }),
    ],
    [
      "an effect whose approval is not spent",
      "unapproved send_big_letter s4",
      (run) => {
        const { spentAt: _spentAt, ...unspent } = approvalIn(run);
        replace(run.writes, ({ key }) => key === "s4", { approval: unspent });
      },
    ],
    [
      "an effect that somebody denied",
      "unapproved send_big_letter s4",
      (run) => replaceDecision(run, { verdict: "deny" }),
    ],
    [
      "an effect that an agent agreed to",
      "unapproved send_big_letter s4",
      (run) => replaceDecision(run, { by: "agent:helper@ann" }),
    ],
    [
      "an effect that nobody said yes to",
      "unapproved send_big_letter s4",
      ({ requests }) => drop(requests, ({ purpose }) => purpose === "decide"),
    ],
    [
      "an effect whose approver saw another write",
      "unapproved send_big_letter s4",
      ({ requests }) => replace(requests, ({ purpose }) => purpose === "decide", { story: "s5" }),
    ],
    [
      "an approval that serves twice",
      "unapproved apr s4",
      (run) => replace(run.writes, ({ key }) => key === "s2", { approval: approvalIn(run) }),
    ],
    [
      "an effect after a word against it",
      "unapproved s4",
      (run) => run.said("s4", { approval: "apr s4", verdict: "withdraw" }),
    ],
    [
      "an approval that was given and asked for once more",
      "contradiction s4",
      ({ requests }) =>
        replace(requests, ({ story, purpose }) => story === "s4" && purpose === "write", {
          answer: { kind: "no", code: "approval_pending" },
        }),
    ],
    [
      "a long run in which a tool did nothing",
      "broken run",
      ({ effects }) => {
        for (let id = 100; id < 300; id += 1) effects.push({ id, key: `${id}`, story: `${id}`, tool: "place_order" });
      },
    ],
    ["a run in which nothing happened", "broken run", ({ effects }) => void effects.splice(0)],
  ])("[W2] finds %s", (_what, expected, spoil) => {
    expect(foundAfter(spoil)).toContain(expected);
  });

  it("[W2] knows that a call which others believed cut off may be there twice, and that one in doubt may have done it", () => {
    const cutOff = (outcome: "ok" | "unknown") => (run: SpoilableRun) =>
      void run.audit.push({ ...(run.audit[0] as AuditEntry), kind: "recovered", outcome, traceId: "another" });
    expect(foundAfter(cutOff("ok"))).toEqual([]);
    expect(
      foundAfter((run) => {
        cutOff("unknown")(run);
        replace(run.audit, ({ traceId }) => traceId === "trace 1", { outcome: "replayed" });
      }),
    ).toEqual([]);
  });
});

function approvalIn({ writes }: SpoilableRun): RowApproval {
  const approval = writes.find(({ key }) => key === "s4")?.approval;
  if (approval === undefined) throw new Error("s4 was not approved");
  return approval;
}

function replaceDecision(run: SpoilableRun, change: Partial<ApprovalDecision>): void {
  const approval = approvalIn(run);
  const decisions = approval.decisions.map((decision) => ({ ...decision, ...change }));
  replace(run.writes, ({ key }) => key === "s4", { approval: { ...approval, decisions } });
}

const isAskedAgain = ({ purpose }: Request): boolean => purpose === "asked-again";

/** What the first write was told in the end. */
function replaceLast({ requests }: SpoilableRun, answer: Answer): void {
  replace(requests, ({ purpose, story }) => purpose === "asked-again" && story === "s1", { answer });
}
