import type { Gate } from "callgate";
import {
  auditRow,
  firstRowAt,
  millisBetweenRows,
  rareRowNear,
  rareWord,
  subjectOf,
  toolOf,
  traceOf,
} from "./audit-rows.ts";

export type AuditQuery = Parameters<Gate["store"]["audit"]["search"]>[0];
type AuditRecord = Awaited<ReturnType<Gate["store"]["audit"]["search"]>>["records"][number];

/** A way to look into the audit: a query for each of many numbers, and what must be true of each record it finds. */
export interface SearchKind {
  readonly name: string;
  /** Milliseconds at the median that are wanted of a page. */
  readonly wantedMs: number;
  queryFor(index: number): AuditQuery;
  isRight(record: AuditRecord, query: AuditQuery): boolean;
  /** A search that finds fewer is a fault. */
  readonly atLeast: number;
}

const DAY_MS = 86_400_000;
const LIMIT = 50;

/** What a text search may take for a page before it hands out a cursor, and one step beyond it. */
const TEXT_BUDGET_MS = 250;

/** Every kind of search that is measured; `index` is the number of a row somewhere in the audit. */
export const searchKinds: readonly SearchKind[] = [
  {
    name: "subject and a day",
    wantedMs: 100,
    atLeast: 1,
    queryFor: (index) => {
      const at = firstRowAt + index * millisBetweenRows;
      return { subject: subjectOf(index), from: at - DAY_MS / 2, until: at + DAY_MS / 2, limit: LIMIT };
    },
    isRight: ({ subject, at }, { subject: asked, from = 0, until = 0 }) =>
      subject === asked && at >= from && at < until,
  },
  {
    name: "tool and outcome",
    wantedMs: 100,
    atLeast: 1,
    queryFor: (index) => ({ tool: toolOf(index), outcome: "error", limit: LIMIT }),
    isRight: ({ tool, outcome }, query) => tool === query.tool && outcome === "error",
  },
  {
    name: "trace",
    wantedMs: 100,
    atLeast: 1,
    queryFor: (index) => ({ traceId: traceOf(index), limit: LIMIT }),
    isRight: ({ traceId }, query) => traceId === query.traceId,
  },
  {
    name: "text, a rare word",
    wantedMs: TEXT_BUDGET_MS,
    atLeast: 1,
    queryFor: () => ({ text: rareWord, limit: LIMIT }),
    isRight: ({ reason }) => reason?.includes(rareWord) === true,
  },
  {
    name: "text, two words of a row",
    wantedMs: TEXT_BUDGET_MS,
    atLeast: 1,
    queryFor: (index) => ({ text: `${rareWord} ${propertyOf(rareRowNear(index))}`, limit: LIMIT }),
    // The words of `prop_12` may stand in different fields: they are `prop` and `12`.
    isRight: ({ reason, arguments: args, result }, { text = "" }) =>
      text.split(/[ _]/).every((word) => `${reason} ${args} ${result}`.includes(word)),
  },
  {
    name: "text, a word that nobody wrote",
    wantedMs: TEXT_BUDGET_MS,
    atLeast: 0,
    queryFor: () => ({ text: "zeppelin", limit: LIMIT }),
    isRight: () => false,
  },
];

function propertyOf(index: number): string {
  const { property_id } = JSON.parse(auditRow(index).arguments ?? "{}") as { readonly property_id?: string };
  return property_id ?? "";
}
