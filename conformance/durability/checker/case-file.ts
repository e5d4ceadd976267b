import { backendKey } from "../../../packages/callgate/src/gate/writes/backend-key.ts";
import type { Request } from "../clients/history.ts";
import type { Effect } from "../effects/effect.ts";
import type { AuditEntry, Evidence, Write } from "./evidence.ts";

/** Evidence, put in order. */
export interface CaseFile extends Evidence {
  readonly effectsByKey: ReadonlyMap<string, readonly Effect[]>;
  readonly effectsByStory: ReadonlyMap<string, readonly Effect[]>;
  readonly effectById: ReadonlyMap<number, Effect>;
  /** Ledger rows by the key that the outside world got from them. */
  readonly writeByEffectKey: ReadonlyMap<string, Write>;
  readonly writeById: ReadonlyMap<string, Write>;
  readonly recordsByTrace: ReadonlyMap<string | undefined, readonly AuditEntry[]>;
  readonly recordsByWrite: ReadonlyMap<string | undefined, readonly AuditEntry[]>;
  /** Calls whose end is on record. */
  readonly endedCalls: ReadonlySet<string>;
  /** Words that were acknowledged, by story. */
  readonly wordsByStory: ReadonlyMap<string, readonly Request[]>;
  /** Requests that could have made the effect of a story. */
  readonly attemptsByStory: ReadonlyMap<string, readonly Request[]>;
  /** Keys that were asked about when all was over. */
  readonly askedKeys: ReadonlySet<string | undefined>;
  /** The effects of a ledger row. */
  readonly effectsOf: (write: Write) => readonly Effect[];
}

export function toCaseFile(evidence: Evidence): CaseFile {
  const { effects, writes, audit, requests } = evidence;
  const effectsByKey = Map.groupBy(effects, ({ key }) => key);
  const attempts = requests.filter(({ purpose }) => purpose === "write" || purpose === "asked-again");
  return {
    ...evidence,
    effectsByKey,
    effectsByStory: Map.groupBy(effects, ({ story }) => story),
    effectById: new Map(effects.map((effect) => [effect.id, effect])),
    writeByEffectKey: new Map(writes.map((write) => [backendKey(write), write])),
    writeById: new Map(writes.map((write) => [write.id, write])),
    recordsByTrace: Map.groupBy(audit, ({ traceId }) => traceId),
    recordsByWrite: Map.groupBy(audit, ({ writeId }) => writeId),
    endedCalls: new Set(audit.filter(isEnd).map(({ callId }) => callId)),
    wordsByStory: Map.groupBy(
      requests.filter(({ purpose, answer }) => purpose === "decide" && answer.kind === "approval"),
      ({ story }) => story,
    ),
    attemptsByStory: Map.groupBy(attempts, ({ story }) => story),
    askedKeys: new Set(requests.filter(({ purpose }) => purpose === "asked-again").map(({ key }) => key)),
    effectsOf: (write) => effectsByKey.get(backendKey(write)) ?? [],
  };
}

/** Whether a row of the audit says how a call ended. */
export function isEnd({ kind }: AuditEntry): boolean {
  return kind === "call" || kind === "recovered";
}
