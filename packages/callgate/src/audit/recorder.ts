import { randomBytes } from "node:crypto";
import type { AuditRow, AuditStore } from "../store/audit-port.ts";
import { cutPayload, cutText } from "./payload.ts";
import { type Refusal, type RefusalCount, RefusalCounts, toRefusalRow } from "./refusals.ts";

const REFUSALS_EVERY_MS = 1_000;
const MOST_LETTERS = 4_096;
const MOST_CLIENT_LETTERS = 200;

/** Writes the audit. */
export interface Recorder {
  /** Resolves once the row is durable; rejects where it is not recorded. */
  record(row: AuditRow): Promise<void>;
  /** Counts a refusal; it is recorded with others like it within the next second. */
  refuse(refusal: Refusal): void;
  /** Records the refusals counted so far, one flush after the other; rejects where some could not be, which stay counted. */
  flush(): Promise<void>;
  /** Records what is counted, for the last time: what is recorded by then is durable once this resolves. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly store: AuditStore;
  /** A longer payload is cut. */
  readonly maxPayloadBytes: number;
  /** Told when counted refusals could not be recorded. They stay counted for the next time; after `close` they are lost. */
  readonly onProblem: (error: unknown) => void;
}

export function createRecorder({ store, maxPayloadBytes, onProblem }: RecorderOptions): Recorder {
  const refusals = new RefusalCounts();
  const recordCounted = async (): Promise<void> => {
    const problems: unknown[] = [];
    await Promise.all(
      refusals.take().map((counted) =>
        store.append(toRefusalRow(counted, refusalId(counted))).catch((error: unknown) => {
          refusals.add(counted.refusal, counted.count);
          problems.push(error);
        }),
      ),
    );
    if (problems.length > 0) throw problems[0];
  };
  let last: Promise<unknown> = Promise.resolve();
  const flush = (): Promise<void> => {
    // What the one before could not record is counted once more by then.
    const recorded = last.then(recordCounted);
    last = recorded.catch(() => undefined);
    return recorded;
  };
  const timer = setInterval(() => void flush().catch(onProblem), REFUSALS_EVERY_MS).unref();
  return {
    record: (row) => store.append(withinSize(row, maxPayloadBytes)),
    refuse: (refusal) => refusals.add(refusal),
    flush,
    close: async () => {
      clearInterval(timer);
      await flush().catch(onProblem);
    },
  };
}

/** A row that no caller can make longer than the gate means it to be. */
function withinSize(row: AuditRow, most: number): AuditRow {
  const { arguments: args, result, sent, reason, message, client } = row;
  const payloads = Math.max(args?.length ?? 0, result?.length ?? 0, sent?.length ?? 0);
  const texts = Math.max(reason?.length ?? 0, message?.length ?? 0);
  if (payloads * 3 <= most && texts <= MOST_LETTERS && (client?.length ?? 0) <= MOST_CLIENT_LETTERS) return row;
  return {
    ...row,
    arguments: cutPayload(args, most),
    result: cutPayload(result, most),
    sent: cutPayload(sent, most),
    reason: cutText(reason, MOST_LETTERS),
    message: cutText(message, MOST_LETTERS),
    client: cutText(client, MOST_CLIENT_LETTERS),
  };
}

function refusalId({ refusal: { at } }: RefusalCount): string {
  return `refusals_${at.toString(16).padStart(12, "0")}${randomBytes(10).toString("hex")}`;
}
