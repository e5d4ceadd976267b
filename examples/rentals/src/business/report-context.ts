import type { Compilable } from "kysely";
import type { BusinessDatabase } from "./database/business-database.ts";

/** What the report has cost since it was last told. */
export interface QueryCost {
  readonly queries: number;
  readonly rows: number;
  readonly database_ms: number;
}

/** What a long report is told and tells while it is made. */
export interface ReportContext {
  /** Aborted: no further query is begun, and one that runs ends in the database. */
  readonly signal: AbortSignal;
  /** `done` months of `total`, with what is done of the one that is worked at. */
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly total: number; readonly month: string }) => void)
    | undefined;
  /** Told after each query, also of one that was cut off. */
  readonly onCost?: ((cost: QueryCost) => void) | undefined;
}

/** Runs one query of a report, and tells what it cost: once it has ended, or as soon as nobody wants it any more. */
export async function runOfReport<Row>(
  { longQueries }: BusinessDatabase,
  query: Compilable<Row>,
  { signal, onCost }: ReportContext,
): Promise<readonly Row[]> {
  const began = performance.now();
  const tell = (rows: number): void => {
    // Whoever cancelled does not wait for the database to end the query: what it has cost by then is what it cost.
    signal.removeEventListener("abort", tellAborted);
    onCost?.({ queries: 1, rows, database_ms: Math.round(performance.now() - began) });
  };
  const tellAborted = (): void => tell(0);
  signal.throwIfAborted();
  signal.addEventListener("abort", tellAborted);
  try {
    const rows = await longQueries.run(query, signal);
    if (!signal.aborted) tell(rows.length);
    return rows;
  } catch (error) {
    if (!signal.aborted) tell(0);
    throw error;
  }
}
