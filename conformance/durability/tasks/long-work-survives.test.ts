import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  describeWithPostgres,
  usePostgres,
} from "../../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import type { Setting } from "./messages.ts";
import { ReportsProcess } from "./start-reports.ts";

/** Long enough for a machine with much else to do; nothing here waits for a clock. */
const patient = { timeout: 60_000, interval: 50 };
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let setting: Setting;
let processes: ReportsProcess[];

async function start(): Promise<ReportsProcess> {
  const started = await ReportsProcess.start(setting);
  processes.push(started);
  return started;
}

/** What has happened in the outside world, and which process did it. */
function happened(what: string, name: string): readonly number[] {
  const lines = readFileSync(setting.world, "utf8").split("\n");
  return lines.filter((line) => line.startsWith(`${what} ${name} `)).map((line) => Number(line.split(" ").at(-1)));
}

const enough = (name: string): void => writeFileSync(join(setting.folder, `${name}.end`), "");

function prepare(database?: () => Promise<string>): void {
  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), "callgate-long-"));
    const world = join(folder, "world.txt");
    writeFileSync(world, "");
    setting = { folder, world, database: await database?.() };
    processes = [];
  });
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    rmSync(setting.folder, { recursive: true, force: true });
  });
}

/** The one that the work is at, once it is, and killed; then one that lives, started now where there was no other. */
async function killAtWork(
  what: string,
  name: string,
): Promise<{ readonly dead: number; readonly alive: ReportsProcess }> {
  await expect.poll(() => happened(what, name), patient).toHaveLength(1);
  const [dead = 0] = happened(what, name);
  await processes.find(({ pid }) => pid === dead)?.kill();
  return { dead, alive: processes.find(({ pid }) => pid !== dead) ?? (await start()) };
}

/** What holds wherever the rows are, and however many processes there were. */
function describeDeaths(startAll: () => Promise<ReportsProcess>): void {
  it("[L1] a read whose process was killed is done by another one", async () => {
    const id = await (await startAll()).begin("build_report", "may");
    const { dead, alive } = await killAtWork("begun", "may");
    await expect.poll(() => happened("begun", "may"), patient).toEqual([dead, alive.pid]);
    enough("may");
    await expect
      .poll(() => alive.look(id), patient)
      .toMatchObject({
        status: "completed",
        result: { structuredContent: { name: "may" } },
      });
    expect(happened("ended", "may")).toEqual([alive.pid]);
  });

  it("[W1][W2] a write whose process was killed after its effect is found out, not made again", async () => {
    const id = await (await startAll()).begin("send_report", "sent-may");
    const { dead, alive } = await killAtWork("sent", "sent-may");
    await expect
      .poll(() => alive.look(id), patient)
      .toMatchObject({
        status: "completed",
        result: { structuredContent: { name: "sent-may" } },
      });
    expect(happened("entered", "sent-may")).toEqual([dead]);
  });

  it("a write of which nobody knows whether it took place stays unknown, and is not made again", async () => {
    const id = await (await startAll()).begin("send_report", "may");
    const { dead, alive } = await killAtWork("entered", "may");
    await expect.poll(() => alive.look(id), patient).toMatchObject({ status: "completed", result: { isError: true } });
    expect(JSON.stringify(await alive.look(id))).toContain("outcome_unknown");
    expect(happened("entered", "may")).toEqual([dead]);
  });
}

describe("long work on one machine", () => {
  prepare();
  describeDeaths(start);
});

describeWithPostgres("long work on many machines", () => {
  const used = usePostgres();
  prepare(() => used.newDatabase());
  describeDeaths(async () => {
    await start();
    return start();
  });

  it("[L2] is cancelled from any of them, wherever it runs", async () => {
    const all = [await start(), await start()];
    const id = await all[0]?.begin("build_report", "may");
    await expect.poll(() => happened("begun", "may"), patient).toHaveLength(1);
    const [at] = happened("begun", "may");
    const other = all.find(({ pid }) => pid !== at);
    expect(await other?.ask("tasks/cancel", { taskId: id })).toEqual({});
    await expect.poll(() => happened("aborted", "may"), { ...patient, timeout: 5_000 }).toEqual([at]);
    await expect.poll(() => other?.look(String(id)), patient).toMatchObject({ status: "cancelled" });
  });

  it("[L1] keeps to the places of its tool over all of them", async () => {
    const all = [await start(), await start(), await start()] as const;
    const names = ["a", "b", "c", "d"];
    const ids = await Promise.all(all.map((each, index) => each.begin("build_alone", String(names[index]))));
    ids.push(await all[0].begin("build_alone", "d"));
    const underWay = () => names.filter((name) => happened("begun", name).length > happened("ended", name).length);
    for (let ended = 0; ended < names.length; ended += 1) {
      await expect.poll(underWay, patient).toHaveLength(1);
      enough(String(underWay()[0]));
      await expect
        .poll(() => names.filter((name) => happened("ended", name).length === 1), patient)
        .toHaveLength(ended + 1);
      expect(underWay().length).toBeLessThanOrEqual(1);
    }
    for (const id of ids) await expect.poll(() => all[0].look(id), patient).toMatchObject({ status: "completed" });
    for (const name of names) expect(happened("begun", name)).toHaveLength(1);
  });
});
