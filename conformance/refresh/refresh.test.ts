import { describe, expect, it } from "vitest";
import { describeWithPostgres, usePostgres } from "../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { proveRefresh, type RefreshReport } from "./prove.ts";

const run = { replicas: 10, seconds: 6, revokeEverySeconds: 3 };

const well = { problems: [], mostAtOnce: 1, reused: 0, found: [] };

/** That it was tried at all. */
function effort({ refreshes, tokens, calls }: RefreshReport): readonly boolean[] {
  return [refreshes > 3, tokens > 4, calls > run.replicas];
}

describe("ten gates that refresh one rotating token while its server misbehaves", { timeout: 180_000 }, () => {
  it("[C9] do so one at a time, lose none, and show none to anybody, on SQLite (SECURITY 5)", async () => {
    const report = await proveRefresh(run);
    expect(report).toMatchObject(well);
    expect(effort(report)).not.toContain(false);
  });

  describeWithPostgres("on PostgreSQL", () => {
    const used = usePostgres({ fsync: false });

    it("[C9] do so one at a time, lose none, and show none to anybody (SECURITY 5)", async () => {
      const report = await proveRefresh({ ...run, postgres: await used.newDatabase() });
      expect(report).toMatchObject(well);
      expect(effort(report)).not.toContain(false);
    });
  });
});
