import { describe, expect, it } from "vitest";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { longDomain } from "../testing/long-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A clock that stands just before three o'clock until it is let go. */
function beforeThree(): { readonly clock: () => number; readonly letGo: () => void } {
  const stands = Math.floor(Date.now() / DAY_MS) * DAY_MS + 3 * 60 * 60_000 - 200;
  let since: number | undefined;
  return {
    clock: () => (since === undefined ? stands : stands + Date.now() - since),
    letGo: () => {
      since = Date.now();
    },
  };
}

const nightly = { cron: "0 3 * * *", with: { name: "night" } };

describe("a schedule", () => {
  it("begins work when it is due, once for all processes, as nobody but itself", async () => {
    const { clock, letGo } = beforeThree();
    const long = longDomain({ scope: "reports:build", longRunning: { schedule: nightly } });
    await using first = await openTestGate([long.domain], { clock });
    await using second = await openTestGate([long.domain], { clock, folder: first.folder });
    letGo();
    await expect.poll(() => long.held, { timeout: 30_000 }).toHaveLength(1);
    expect(long.held[0]?.ctx.subject).toMatchObject({
      kind: "agent",
      id: "schedule:build_report",
      scopes: ["reports:build"],
    });
    expect(long.held[0]?.name).toBe("night");
    long.held[0]?.end("done");
    const tasks = async () => (await second.gate.store.tasks.list({ limit: 9 })).rows;
    await expect.poll(tasks).toMatchObject([{ state: "completed", subject: "schedule:build_report" }]);
    expect((await tasks())[0]?.due).toMatch(/^build_report \d{4}-\d\d-\d\dT03:00:00.000Z$/);
    const { records } = await searchWhole(first.gate.store.audit, { subject: "schedule:build_report", limit: 9 });
    expect(records.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(["begun", "ok"]));
  });

  it("whose time is none is refused at the start", async () => {
    for (const schedule of [{ cron: "at night" }, { cron: "0 3 * * *", timeZone: "Mars/Olympus" }]) {
      const long = longDomain({ longRunning: { schedule } });
      await expect(openTestGate([long.domain])).rejects.toThrow(/its schedule .* is none/);
    }
  });
});
