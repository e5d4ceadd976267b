import { randomBytes } from "node:crypto";
import type { AuditRow, AuditStore } from "../store/audit-port.ts";
import { cutPayload } from "./payload.ts";
import { type Refusal, RefusalCounts } from "./refusals.ts";

const REFUSALS_EVERY_MS = 1_000;

/** Writes the audit. */
export interface Recorder {
  /** Resolves once the row is durable; rejects where it is not recorded. */
  record(row: AuditRow): Promise<void>;
  /** Counts a refusal; it is recorded with others like it within the next second. */
  refuse(refusal: Refusal): void;
  /** Records what is counted so far. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly store: AuditStore;
  /** A longer payload is cut. */
  readonly maxPayloadBytes: number;
  /** Told when counted refusals could not be recorded; they are lost from the audit, and the log says so. */
  readonly onProblem: (error: unknown) => void;
}

export function createRecorder({ store, maxPayloadBytes, onProblem }: RecorderOptions): Recorder {
  const refusals = new RefusalCounts();
  const flush = async (): Promise<void> => {
    await Promise.all(refusals.take(refusalId).map((row) => store.append(row)));
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

function withinSize(row: AuditRow, most: number): AuditRow {
  const { arguments: args, result, sent } = row;
  if ((args?.length ?? 0) + (result?.length ?? 0) + (sent?.length ?? 0) < most / 3) return row;
  return { ...row, arguments: cutPayload(args, most), result: cutPayload(result, most), sent: cutPayload(sent, most) };
}

function refusalId(at: number): string {
  return `refusals_${at.toString(16).padStart(12, "0")}${randomBytes(10).toString("hex")}`;
}
