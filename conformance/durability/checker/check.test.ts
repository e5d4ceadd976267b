import { describe, expect, it } from "vitest";
import { backendKey } from "../../../packages/callgate/src/gate/writes/backend-key.ts";
import type { Answer, Purpose, Request } from "../clients/history.ts";
import type { EffectTool } from "../effects/effect.ts";
import { check } from "./check.ts";
import type { AuditEntry, Evidence, Write } from "./evidence.ts";

/** A run in which all went well, to be spoilt. */
class Run {
  effects: Evidence["effects"][number][] = [];
  requests: Request[] = [];
  wanted: Evidence["wanted"][number][] = [];
  writes: Write[] = [];
  audit: AuditEntry[] = [];
  faults: Evidence["faults"][number][] = [];
  #traces = 0;

  /** A write that was done, told, and told again when all was over. */
  done(story: string, tool: EffectTool = "place_order"): void {
    const write = this.want(story, { tool, state: "done" });
    const effect = this.effects.length + 1;
    this.effects.push({ id: effect, key: backendKey(write), story, tool });
    this.told(write, "write", { kind: "done", replayed: false, effect, story });
    this.told(write, "asked-again", { kind: "done", replayed: true, effect, story });
  }

  /** A write that the outside world refused. */
  refused(story: string): void {
    const write = this.want(story, { tool: "send_letter", state: "failed" });
    for (const purpose of ["write", "asked-again"] as const)
      this.told(write, purpose, { kind: "no", code: "refused_outside" });
  }

  want(story: string, { tool, state }: { readonly tool: EffectTool; readonly state: Write["state"] }): Write {
    const write: Write = { id: `write ${story}`, subject: "ann", tool, key: story, state, callId: `${story} 1` };
    this.writes.push(write);
    this.wanted.push({ client: "ann", story, tool, trouble: "none", key: story });
    return write;
  }

  told({ id, tool, key }: Write, purpose: Purpose, answer: Answer): void {
    const trace = `trace ${++this.#traces}`;
    const at = { sentAt: this.#traces, heardAt: this.#traces + 1 };
    const attempts = this.requests.filter(({ story }) => story === key).length;
    this.requests.push({ trace, client: "ann", story: key, tool, purpose, key, replica: 0, ...at, answer });
    const outcome = answer.kind === "done" ? (answer.replayed ? "replayed" : "ok") : "error";
    const callId = `${key} ${attempts + 1}`;
    this.audit.push({ callId, kind: "call", tool, effect: "write", outcome, writeId: id, traceId: trace });
  }
}

function goodRun(): Run {
  const run = new Run();
  run.done("s1");
  run.done("s2", "send_letter");
  run.refused("s3");
  return run;
}

/** What the checker finds in a good run after it was spoilt. */
function foundAfter(spoil: (run: Run) => void): readonly string[] {
  const run = goodRun();
  spoil(run);
  return check(run).map(({ kind, where }) => `${kind} ${where}`);
}

function replace<Row extends object>(rows: Row[], isIt: (row: Row) => boolean, change: Partial<Row>): void {
  const index = rows.findIndex(isIt);
  rows[index] = { ...(rows[index] as Row), ...change };
}

const drop = <Row>(rows: Row[], isIt: (row: Row) => boolean): void => void rows.splice(rows.findIndex(isIt), 1);

describe("the checker", () => {
  it("[W2] finds nothing in a run in which all went well", () => {
    expect(check(goodRun())).toEqual([]);
  });

  it.each<readonly [string, string, (run: Run) => void]>([
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
    ["a run in which nothing happened", "broken run", ({ effects }) => void effects.splice(0)],
  ])("[W2] finds %s", (_what, expected, spoil) => {
    expect(foundAfter(spoil)).toContain(expected);
  });

  it("[W2] knows that a call which others believed cut off may be there twice, and that one in doubt may have done it", () => {
    const cutOff = (outcome: "ok" | "unknown") => (run: Run) =>
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

const isAskedAgain = ({ purpose }: Request): boolean => purpose === "asked-again";

/** What the first write was told in the end. */
function replaceLast({ requests }: Run, answer: Answer): void {
  replace(requests, ({ purpose, story }) => purpose === "asked-again" && story === "s1", { answer });
}
