import type { HeardProcess, ProcessStore } from "../../process-port.ts";
import type { Connections } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

/** The processes on PostgreSQL. */
export class PostgresProcessStore implements ProcessStore {
  readonly #writing: Connections;

  constructor(writing: Connections) {
    this.#writing = writing;
  }

  async beat({ owner, heardAt }: HeardProcess): Promise<void> {
    await persist(() =>
      this.#writing.run({
        text: `INSERT INTO processes (owner, heard_at) VALUES ($1, $2)
          ON CONFLICT (owner) DO UPDATE SET heard_at = excluded.heard_at`,
        values: [owner, heardAt],
      }),
    );
  }

  async list(): Promise<readonly HeardProcess[]> {
    const rows = await persist(() => this.#writing.run({ text: "SELECT owner, heard_at FROM processes" }));
    return rows.map(([owner, heardAt]) => ({ owner: String(owner), heardAt: Number(heardAt) }));
  }

  /** Sent once: where the answer is lost nobody has taken it on, and it falls silent again. */
  async takeOn({ owner, heardAt }: HeardProcess, now: number): Promise<boolean> {
    const text = "UPDATE processes SET heard_at = $3 WHERE owner = $1 AND heard_at = $2 RETURNING owner";
    return (await this.#writing.run({ text, values: [owner, heardAt, now] })).length === 1;
  }

  async forget(owner: string): Promise<void> {
    const text = "DELETE FROM processes WHERE owner = $1";
    await persist(() => this.#writing.run({ text, values: [owner] }));
  }
}
