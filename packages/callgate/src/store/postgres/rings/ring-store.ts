import type { RingKeys, RingStore } from "../../ring-port.ts";
import type { Connections, RunStatement } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

/** What PostgreSQL remembers of key rings. */
export class PostgresRingStore implements RingStore {
  readonly #writing: Connections;

  constructor(writing: Connections) {
    this.#writing = writing;
  }

  join(ring: RingKeys, at: number): Promise<string | undefined> {
    return this.#alone(async (run) => {
      const [newest] = await run({ text: "SELECT id FROM ring_keys ORDER BY position DESC LIMIT 1" });
      const id = newest?.[0];
      if (typeof id === "string" && !ring.known.includes(id)) return id;
      await note(run, ring, at);
      return undefined;
    });
  }

  adopt(ring: RingKeys, at: number): Promise<void> {
    return this.#alone(async (run) => {
      await run({ text: "DELETE FROM ring_keys WHERE id = $1", values: [ring.sealing] });
      await note(run, ring, at);
    });
  }

  /** Both leave the same behind when they are done once more. */
  #alone<Result>(work: (run: RunStatement) => Promise<Result>): Promise<Result> {
    return persist(() =>
      this.#writing.transaction(async (run) => {
        await run({ text: "LOCK TABLE ring_keys IN EXCLUSIVE MODE" });
        return work(run);
      }),
    );
  }
}

async function note(run: RunStatement, { sealing }: RingKeys, at: number): Promise<void> {
  await run({
    text: "INSERT INTO ring_keys (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
    values: [sealing, at],
  });
}
