import type { RegisteredSeal } from "../../audit/check-chains.ts";
import type { ChainSeal, HasherOf } from "../../audit-chain.ts";
import type { Connections, RunStatement } from "../database/connections.ts";
import { rowsTable, SEGMENT_LOCK, type Segment } from "./audit-segments.ts";
import { writeSeal } from "./segment-seals.ts";

const INDEXES: readonly (readonly [name: string, on: string])[] = [
  ["subject", "(subject)"],
  ["caller", "(caller)"],
  ["tool", "(tool, outcome)"],
  ["trace", "(trace_id) WHERE trace_id IS NOT NULL"],
  ["write", "(write_id) WHERE write_id IS NOT NULL"],
  ["code", "(code) WHERE code IS NOT NULL"],
  ["outcome", "(outcome) WHERE outcome <> 'ok'"],
  ["at", "USING brin (at) WITH (pages_per_range = 32)"],
];

/**
 * Seals a partition whose time is over: from then on it refuses rows, has its indexes, and its chains' ends are signed.
 * A sealing that is cut off goes on where it stopped. One that misses a writer's key leaves the signing to a gate that has
 * it, and gives that writer.
 */
export async function sealSegment(
  connections: Connections,
  segment: Segment,
  hasherOf: HasherOf,
): Promise<string | undefined> {
  const { number } = segment;
  const table = rowsTable(number);
  await inState(connections, { number, state: "open" }, async (run) => {
    // Waits for the appends under way; those that come later are told.
    await run({
      text: `CREATE TRIGGER sealed BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_audit_row()`,
    });
    await run({ text: "UPDATE audit_segments SET state = 'closed' WHERE number = $1", values: [number] });
  });
  await inState(connections, { number, state: "closed" }, async (run) => {
    await run({ text: "SET LOCAL statement_timeout TO 0" });
    for (const [name, on] of INDEXES)
      await run({ text: `CREATE INDEX IF NOT EXISTS ${table}_${name} ON ${table} ${on}` });
  });
  // Apart from the indexes, which stay whether or not the chains can be signed.
  return inState(connections, { number, state: "closed" }, (run) => signSegment(run, segment, hasherOf));
}

async function signSegment(run: RunStatement, segment: Segment, hasherOf: HasherOf): Promise<string | undefined> {
  const { number } = segment;
  await run({ text: "SET LOCAL statement_timeout TO 0" });
  const [[rows, fromAt, untilAt] = []] = await run({
    text: `SELECT count(*), min(at), max(at) FROM ${rowsTable(number)}`,
  });
  const seals: RegisteredSeal[] = [];
  for (const end of await chainEnds(run, segment, Number(untilAt))) {
    const hasher = hasherOf(end.writer);
    if (hasher === undefined) return end.writer;
    seals.push({ ...end, isDropped: false, signature: hasher.signSeal(end) });
  }
  for (const seal of seals) await writeSeal(run, seal);
  await run({
    text: "UPDATE audit_segments SET state = 'sealed', row_count = $2, from_at = $3, until_at = $4 WHERE number = $1",
    values: [number, rows, fromAt, untilAt],
  });
  return undefined;
}

async function chainEnds(run: RunStatement, { number }: Segment, untilAt: number): Promise<readonly ChainSeal[]> {
  const ends = await run({
    text: `SELECT ends.writer, first, last, hash
      FROM (SELECT writer, min(ordinal) AS first, max(ordinal) AS last FROM ${rowsTable(number)} GROUP BY writer) AS ends
      JOIN ${rowsTable(number)} AS rows ON rows.writer = ends.writer AND rows.ordinal = ends.last`,
  });
  return ends.map(([writer, first, last, hash]) => ({
    segment: number,
    writer: String(writer),
    first: Number(first),
    last: Number(last),
    hash: String(hash),
    untilAt,
  }));
}

/** Does something to a partition that has that state, while nobody else changes one. */
async function inState<Result>(
  connections: Connections,
  { number, state }: Pick<Segment, "number" | "state">,
  work: (run: RunStatement) => Promise<Result>,
): Promise<Result | undefined> {
  return connections.transaction(async (run) => {
    await run({ text: "SELECT pg_advisory_xact_lock($1)", values: [SEGMENT_LOCK] });
    const [found] = await run({ text: "SELECT state FROM audit_segments WHERE number = $1", values: [number] });
    return found?.[0] === state ? work(run) : undefined;
  });
}
