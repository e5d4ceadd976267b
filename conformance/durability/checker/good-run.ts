import { backendKey } from "../../../packages/callgate/src/gate/writes/backend-key.ts";
import type { Answer, Decision, Purpose, Request } from "../clients/history.ts";
import type { EffectTool } from "../effects/effect.ts";
import type { AuditEntry, Evidence, Write } from "./evidence.ts";

/** A run in which all went well, to be spoilt. */
export class SpoilableRun {
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

  /** A write that somebody agreed to. */
  approved(story: string): void {
    this.done(story, "send_big_letter");
    const id = `apr ${story}`;
    const said = { verdict: "approve", by: "person:otto", as: "operator", at: 1 } as const;
    const asked = { level: "operator", planHash: "", askedAt: 1, expiresAt: 9, asked: 1 } as const;
    const approval = { id, ...asked, decisions: [said], spentAt: 2 };
    replace(this.writes, ({ key }) => key === story, { approval });
    this.said(story, { approval: id, verdict: "approve" });
  }

  /** A person's word, acknowledged before anything else was told. */
  said(story: string, decision: Decision): void {
    const answer: Answer = { kind: "approval", id: decision.approval, state: "", story };
    const trace = `trace ${++this.#traces}`;
    const call = { trace, client: "ann", story, tool: "decide_approval", purpose: "decide", key: undefined } as const;
    this.requests.push({ ...call, decision, replica: 0, sentAt: 0, heardAt: 0, answer });
    const audit = { callId: trace, kind: "call", outcome: "ok", effect: "write", traceId: trace } as const;
    this.audit.push({ ...audit, tool: "decide_approval", writeId: undefined });
  }

  /** A write that the outside world refused. */
  refused(story: string): void {
    const write = this.want(story, { tool: "send_letter", state: "failed" });
    for (const purpose of ["write", "asked-again"] as const)
      this.told(write, purpose, { kind: "no", code: "refused_outside" });
  }

  want(story: string, { tool, state }: { readonly tool: EffectTool; readonly state: Write["state"] }): Write {
    const write: Write = {
      id: `write ${story}`,
      subject: "ann",
      tool,
      key: story,
      state,
      callId: `${story} 1`,
      approval: undefined,
    };
    this.writes.push(write);
    this.wanted.push({ client: "ann", story, tool, trouble: "none", key: story });
    return write;
  }

  told({ id, tool, key }: Write, purpose: Purpose, answer: Answer): void {
    const trace = `trace ${++this.#traces}`;
    const at = { sentAt: this.#traces, heardAt: this.#traces + 1 };
    const attempts = this.requests.filter(({ story }) => story === key).length;
    this.requests.push({
      trace,
      client: "ann",
      story: key,
      tool,
      purpose,
      key,
      decision: undefined,
      replica: 0,
      ...at,
      answer,
    });
    const outcome = answer.kind === "done" ? (answer.replayed ? "replayed" : "ok") : "error";
    const callId = `${key} ${attempts + 1}`;
    this.audit.push({ callId, kind: "call", tool, effect: "write", outcome, writeId: id, traceId: trace });
  }
}

/** Three writes that were done, one of them approved, and one that was refused. */
export function goodRun(): SpoilableRun {
  const run = new SpoilableRun();
  run.done("s1");
  run.done("s2", "send_letter");
  run.refused("s3");
  run.approved("s4");
  return run;
}

/** Changes the first row that it is. */
export function replace<Row extends object>(rows: Row[], isIt: (row: Row) => boolean, change: Partial<Row>): void {
  const index = rows.findIndex(isIt);
  rows[index] = { ...(rows[index] as Row), ...change };
}
