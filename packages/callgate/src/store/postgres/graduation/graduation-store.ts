import type { GraduationsTable, SmokeProofsTable } from "../../graduation/graduation-columns.ts";
import {
  graduatedColumns,
  proofColumns,
  toGraduation,
  toProof,
  toProofValues,
} from "../../graduation/graduation-columns.ts";
import type { Graduation, GraduationStore, SmokeProof } from "../../graduation-port.ts";
import { type Connections, quoted, type Row, type Statement } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

const selectProofs = `SELECT ${list(proofColumns)} FROM smoke_proofs`;

/**
 * Graduations in PostgreSQL. Each change also counts itself, so that every gate hears of it. They are read on the connections
 * that write: that a tool was switched off is not found out behind somebody's search.
 */
export class PostgresGraduationStore implements GraduationStore {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async addProof(proof: SmokeProof): Promise<void> {
    const places = proofColumns.map((_, index) => `$${index + 1}`).join(", ");
    await this.#change({
      text: `INSERT INTO smoke_proofs (${list(proofColumns)}) VALUES (${places}) ON CONFLICT (id) DO NOTHING RETURNING 1`,
      values: toProofValues(proof),
    });
  }

  async proof(id: string): Promise<SmokeProof | undefined> {
    const [row] = await this.#read({ text: `${selectProofs} WHERE id = $1`, values: [id] });
    return row === undefined ? undefined : toProof(named(proofColumns, row) as SmokeProofsTable);
  }

  async newestProofs(): Promise<readonly SmokeProof[]> {
    const newest = "SELECT max(position) FROM smoke_proofs GROUP BY domain";
    const rows = await this.#read({ text: `${selectProofs} WHERE position IN (${newest})` });
    return rows.map((row) => toProof(named(proofColumns, row) as SmokeProofsTable));
  }

  async graduate({
    domain,
    tool,
    contractHash,
    proofId,
    at,
    by,
  }: Parameters<GraduationStore["graduate"]>[0]): Promise<void> {
    await this.#change({
      text: `INSERT INTO graduations (domain, tool, contract_hash, proof_id, at, by) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (domain, tool, contract_hash) DO UPDATE SET proof_id = excluded.proof_id, at = excluded.at,
          by = excluded.by, withdrawn_at = NULL, withdrawn_by = NULL RETURNING 1`,
      values: [domain, tool, contractHash, proofId, at, by],
    });
  }

  withdraw({ tool, at, by }: Parameters<GraduationStore["withdraw"]>[0]): Promise<boolean> {
    return this.#change(
      {
        text: `UPDATE graduations SET withdrawn_at = $2, withdrawn_by = $3
          WHERE tool = $1 AND withdrawn_at IS NULL RETURNING 1`,
        values: [tool, at, by],
      },
      {
        text: "SELECT 1 FROM graduations WHERE tool = $1 AND withdrawn_at = $2 AND withdrawn_by = $3",
        values: [tool, at, by],
      },
    );
  }

  async list(): Promise<readonly Graduation[]> {
    const rows = await this.#read({
      text: `SELECT ${list(graduatedColumns)} FROM graduations ORDER BY at, tool COLLATE "C"`,
    });
    return rows.map((row) => toGraduation(named(graduatedColumns, row) as GraduationsTable));
  }

  async version(): Promise<number> {
    const [row] = await this.#read({ name: "graduation-version", text: "SELECT version FROM graduation_version" });
    return Number(row?.[0]);
  }

  #read(statement: Statement): Promise<readonly Row[]> {
    return persist(() => this.#connections.run(statement));
  }

  /** True where something was changed; sent again, where `isDone` finds what it has left. */
  #change(statement: Statement, isDone?: Statement): Promise<boolean> {
    return persist((isRepeat) =>
      this.#connections.transaction(async (run) => {
        if ((await run(statement)).length === 0)
          return isRepeat && isDone !== undefined && (await run(isDone)).length > 0;
        await run({ text: "UPDATE graduation_version SET version = version + 1" });
        return true;
      }),
    );
  }
}

function list(columns: readonly string[]): string {
  return columns.map(quoted).join(", ");
}

// The select names the columns, and the tables of both stores have the same types.
function named(columns: readonly string[], row: Row): unknown {
  return Object.fromEntries(columns.map((column, index) => [column, row[index]]));
}
