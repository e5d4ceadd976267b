import { ChainWalk } from "../../audit/chain-walk.ts";
import { checkHead, checkSeal, noteGone } from "../../audit/check-chains.ts";
import { recordColumns, recordValue } from "../../audit/row-columns.ts";
import type { ChainHead, HasherOf } from "../../audit-chain.ts";
import type { AuditVerification } from "../../audit-port.ts";
import { type Connections, quoted, type RunStatement } from "../database/connections.ts";
import { NO_TABLE, serverCode } from "../database/postgres-failure.ts";
import { AuditSegments, rowsTable, type Segment } from "./audit-segments.ts";
import { readSeals } from "./segment-seals.ts";

const ROWS_AT_ONCE = 2_000;
const columns = recordColumns.map(quoted).join(", ");

/** Walks every partition, and holds the chains against the signed heads and seals. */
export async function verifyAudit(connections: Connections, hasherOf: HasherOf): Promise<AuditVerification> {
  // Heads first: rows that are appended meanwhile lie behind them.
  const heads = await readHeads((statement) => connections.run(statement));
  const walk = new ChainWalk(hasherOf);
  const segments = await new AuditSegments(connections, 1).list();
  let walked = 0;
  for (const [index, number] of segments
    .map((segment) => segment.number)
    .toSorted((a, b) => a - b)
    .entries())
    if (number !== index + 1) noteGone(walk, `what came before partition ${number}`);
  for (const segment of segments) {
    // Asked for one by one: retention may drop partitions while the ones before are walked, and while they are.
    const sealsOf = () => readSeals((statement) => connections.run(statement), segment.number);
    let seals = await sealsOf();
    const wasThere = segment.state !== "dropped" && !seals.some((seal) => seal.isDropped);
    const isThere = wasThere && (await walkSegment(walk, connections, segment));
    if (wasThere && !isThere) seals = await sealsOf();
    if (isThere) walked += 1;
    else if (segment.rows > 0 && seals.length === 0) noteGone(walk, `partition ${segment.number}`);
    for (const seal of seals) checkSeal(walk, seal, hasherOf(seal.writer));
  }
  walk.end();
  for (const head of heads) checkHead(walk, head, hasherOf(head.writer));
  return { rows: walk.rows, writers: walk.writers, segments: walked, faults: walk.faults };
}

/** False where retention has dropped it meanwhile. */
async function walkSegment(walk: ChainWalk, connections: Connections, { number }: Segment): Promise<boolean> {
  try {
    for (let after = 0; ; ) {
      const rows = await connections.run({
        text: `SELECT ${columns} FROM ${rowsTable(number)} WHERE position > $1 ORDER BY position LIMIT ${ROWS_AT_ONCE}`,
        values: [after],
      });
      for (const row of rows) walk.row(row);
      const last = rows.at(-1);
      if (last === undefined) return true;
      after = recordValue(last, "position");
    }
  } catch (error) {
    if (serverCode(error) === NO_TABLE && (await isDropped(connections, number))) return false;
    const detail = `partition ${number}: ${error instanceof Error ? error.message : String(error)}`;
    walk.fault({ writer: "", ordinal: 0, problem: "unreadable", detail });
    return true;
  }
}

async function isDropped(connections: Connections, number: number): Promise<boolean> {
  const [found] = await connections.run({
    text: "SELECT state FROM audit_segments WHERE number = $1",
    values: [number],
  });
  return found?.[0] === "dropped";
}

/** Where each writer's chain stands, signed. */
export async function readHeads(run: RunStatement): Promise<readonly ChainHead[]> {
  const rows = await run({ text: "SELECT writer, ordinal, hash, at, signature FROM audit_writers" });
  return rows.map(([writer, ordinal, hash, at, signature]) => ({
    writer: String(writer),
    ordinal: Number(ordinal),
    hash: String(hash),
    at: Number(at),
    signature: String(signature),
  }));
}
