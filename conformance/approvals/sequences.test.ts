import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sqlite } from "../../packages/callgate/src/store/sqlite/sqlite.ts";
import { playSequences } from "./sequences.ts";

const SEQUENCES = 150;

describe("approvals, whatever is done in whatever order", { timeout: 120_000 }, () => {
  it("[W3] on SQLite: nothing is paid without a matching unspent approval, none is spent twice, lost answers replay (SECURITY 17, 18)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "callgate-sequences-"));
    const tally = await playSequences({ store: sqlite(join(folder, "gate.db")), sequences: SEQUENCES, seed: 20_26 });
    await rm(folder, { recursive: true });
    expect(tally.sequences).toBe(SEQUENCES);
    expect(tally.payments).toBeGreaterThan(SEQUENCES / 10);
  });
});
