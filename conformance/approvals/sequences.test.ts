import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StoreDeclaration } from "../../packages/callgate/src/store/port.ts";
import { postgres } from "../../packages/callgate/src/store/postgres/postgres.ts";
import { describeWithPostgres, usePostgres } from "../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { sqlite } from "../../packages/callgate/src/store/sqlite/sqlite.ts";
import { playSequences, type Tally } from "./sequences.ts";

const SEQUENCES = 150;
const timeout = 120_000;

async function played(storeIn: (folder: string) => StoreDeclaration): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-sequences-"));
  try {
    return await playSequences({ store: storeIn(folder), sequences: SEQUENCES, seed: 2_026 });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("approvals on SQLite, whatever is done in whatever order", { timeout }, () => {
  it("[W3] nothing is paid without a matching unspent approval, none is spent twice, lost answers replay (SECURITY 17, 18)", async () => {
    const { sequences, payments } = await played((folder) => sqlite(join(folder, "gate.db")));
    expect(sequences).toBe(SEQUENCES);
    expect(payments).toBeGreaterThan(SEQUENCES / 10);
  });
});

describeWithPostgres("approvals on PostgreSQL, whatever is done in whatever order", () => {
  const used = usePostgres({ fsync: false });

  it("[W3] nothing is paid without a matching unspent approval, none is spent twice, lost answers replay (SECURITY 17, 18)", {
    timeout,
  }, async () => {
    const { sequences, payments } = await played((folder) => postgres(used.server.urlOf("postgres"), { folder }));
    expect(sequences).toBe(SEQUENCES);
    expect(payments).toBeGreaterThan(SEQUENCES / 10);
  });
});
