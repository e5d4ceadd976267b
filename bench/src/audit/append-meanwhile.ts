import type { Gate } from "callgate";
import { auditRow } from "./audit-rows.ts";

/** Appends that go on until they are stopped. */
export interface Appends {
  /** Resolves with the rows appended a second, once the last one is durable; rejects where one could not be appended. */
  stop(): Promise<number>;
}

/** Keeps so many appends in flight, as calls do: each place takes the next row once its last one is durable. */
export function appendMeanwhile(
  store: Gate["store"]["audit"],
  { from, inFlight }: { readonly from: number; readonly inFlight: number },
): Appends {
  const started = performance.now();
  let next = from;
  const stopping = new AbortController();
  const place = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const row = auditRow(next);
      next += 1;
      await store.append(row);
    }
  };
  const places = Promise.all(Array.from({ length: inFlight }, place));
  return {
    stop: async () => {
      stopping.abort();
      await places;
      return ((next - from) / (performance.now() - started)) * 1_000;
    },
  };
}
