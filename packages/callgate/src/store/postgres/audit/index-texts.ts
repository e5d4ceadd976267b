import { payloadColumns } from "../../audit/row-columns.ts";
import { payloadWords } from "../../audit/text-words.ts";
import type { Connections } from "../database/connections.ts";
import { rowsTable, type Segment, wordsTable } from "./audit-segments.ts";

/** Rows of one step: a few milliseconds of this thread. */
const ROWS_AT_ONCE = 256;
/** Longer words are looked for by their beginning, then compared whole: an index has no place for any length. */
const WORD_LENGTH = 64;

/** A word as the text index has it. */
export function indexedWord(word: string): string {
  return word.slice(0, WORD_LENGTH).toWellFormed();
}

/**
 * Adds the words of some rows to a partition's text index; false where none are left. Positions are given out before rows
 * are committed, so that only rows up to `horizon` count, below which none can appear any more.
 */
export async function indexTexts(connections: Connections, { number }: Segment, horizon: number): Promise<boolean> {
  return connections.transaction(async (run) => {
    const [found] = await run({
      text: "SELECT text_position FROM audit_segments WHERE number = $1 AND state <> 'dropped' FOR UPDATE SKIP LOCKED",
      values: [number],
    });
    if (found === undefined) return false;
    const rows = await run({
      text: `SELECT position, ${payloadColumns.join(", ")} FROM ${rowsTable(number)}
        WHERE position > $1 AND position <= $2 ORDER BY position LIMIT ${ROWS_AT_ONCE}`,
      values: [found[0], horizon],
    });
    const last = rows.at(-1)?.[0];
    if (last === undefined) return false;
    // The columns are texts or null.
    const texts = rows.map(([position, ...payload]) => ({
      position,
      words: wordsToIndex(payload as (string | null)[]),
    }));
    await run({
      text: `INSERT INTO ${wordsTable(number)}
        SELECT (each->>'position')::bigint, ARRAY(SELECT jsonb_array_elements_text(each->'words'))
        FROM jsonb_array_elements($1::jsonb) AS given (each) ON CONFLICT (position) DO NOTHING`,
      values: [JSON.stringify(texts.filter(({ words }) => words.length > 0))],
    });
    await run({
      text: "UPDATE audit_segments SET text_position = $2, text_rows = text_rows + $3 WHERE number = $1",
      values: [number, last, rows.length],
    });
    return rows.length === ROWS_AT_ONCE;
  });
}

/** The position up to which every row is committed: waits for the appends under way, and holds up the next ones meanwhile. */
export function findHorizon(connections: Connections): Promise<number> {
  return connections.transaction(async (run) => {
    await run({ text: "SET LOCAL lock_timeout TO '200ms'" });
    await run({ text: "LOCK TABLE ONLY audit_rows IN SHARE MODE" });
    const [row] = await run({ text: "SELECT last_value FROM audit_position" });
    return Number(row?.[0]);
  });
}

function wordsToIndex(payload: readonly (string | null)[]): readonly string[] {
  return [...new Set(payloadWords(payload).map(indexedWord))];
}
