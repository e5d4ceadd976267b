import type { Gate } from "callgate";
import { median } from "../median.ts";
import type { AuditQuery, SearchKind } from "./search-kinds.ts";

type AuditStore = Gate["store"]["audit"];

/** What one kind of search took; times in milliseconds. */
export interface SearchResult {
  readonly name: string;
  readonly searches: number;
  /** The first page of a search. */
  readonly medianMs: number;
  readonly slowestMs: number;
  /** Further pages are fetched by the cursor until an answer is whole or full. */
  readonly medianPages: number;
  readonly slowestPageMs: number;
  readonly medianRecords: number;
  readonly wantedMs: number;
}

interface Walk {
  readonly pageMs: readonly number[];
  readonly records: number;
}

/** Makes one search after the other, each for another row of those that were filled in, and checks what it finds. */
export async function measureSearch(
  store: AuditStore,
  kind: SearchKind,
  { rows, searches }: { readonly rows: number; readonly searches: number },
): Promise<SearchResult> {
  const walks: Walk[] = [];
  for (let number = 0; number < searches; number += 1) {
    // A stride through the whole audit, old rows and new ones.
    const index = Math.floor(((number * 0.618_033_988_75) % 1) * rows);
    walks.push(await walk(store, kind, kind.queryFor(index)));
  }
  const first = walks.map(({ pageMs }) => pageMs[0] ?? 0);
  return {
    name: kind.name,
    searches,
    medianMs: median(first),
    slowestMs: Math.max(...first),
    medianPages: median(walks.map(({ pageMs }) => pageMs.length)),
    slowestPageMs: Math.max(...walks.flatMap(({ pageMs }) => pageMs)),
    medianRecords: median(walks.map(({ records }) => records)),
    wantedMs: kind.wantedMs,
  };
}

async function walk(store: AuditStore, kind: SearchKind, query: AuditQuery): Promise<Walk> {
  const pageMs: number[] = [];
  const found: number[] = [];
  let cursor: string | undefined;
  for (;;) {
    const started = performance.now();
    const page = await store.search(cursor === undefined ? query : { ...query, cursor });
    pageMs.push(performance.now() - started);
    const wrong = page.records.find((record) => !kind.isRight(record, query));
    if (wrong !== undefined) throw new Error(`${kind.name}: ${wrong.callId} does not belong in the answer`);
    found.push(...page.records.map(({ at }) => at));
    cursor = page.cursor;
    if (page.complete || cursor === undefined) break;
  }
  if (found.length < kind.atLeast) throw new Error(`${kind.name}: ${found.length} records, not ${kind.atLeast}`);
  if (found.some((at, place) => at > (found[place - 1] ?? at))) throw new Error(`${kind.name}: not newest first`);
  return { pageMs, records: found.length };
}
