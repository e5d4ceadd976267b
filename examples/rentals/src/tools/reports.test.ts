import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gate, openGate, sqlite } from "callgate";
import { afterAll, beforeAll, expect, it } from "vitest";
import config from "../callgate.config.ts";
import { call, connectWithin } from "../demo/connect.ts";
import { rentalsBooks } from "./rentals-backend.ts";

/** Half past two at night in Berlin, on a day in November. */
const DUE = Date.UTC(2026, 10, 21, 1, 30);

let folder: string;
let gate: Gate;
let since: number | undefined;
/** Stands still just before the report is due, until it is let go. */
const clock = (): number => DUE - 200 + (since === undefined ? 0 : Date.now() - since);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rentals-reports-"));
  process.env["RENTALS_DB"] = join(folder, "rentals.db");
  gate = await openGate({ ...config, store: sqlite(join(folder, "gate.db")) }, { localOperator: "tests", clock });
});
afterAll(async () => {
  await gate.close();
  await (await rentalsBooks()).close();
  rmSync(folder, { recursive: true });
});

it("every night the gate builds a report of the last twelve months by itself", { timeout: 60_000 }, async () => {
  const operator = await connectWithin(gate);
  since = Date.now();
  const nightly = async () =>
    (await gate.store.tasks.list({ subject: "schedule:build_occupancy_report", limit: 2 })).rows;
  await expect.poll(nightly, { timeout: 40_000 }).toMatchObject([{ state: "completed" }]);
  const [task] = await nightly();
  expect(task?.due).toBe("build_occupancy_report 2026-11-21T01:30:00.000Z");
  expect(task?.progress.at(-1)).toMatchObject({ done: 12, total: 12, message: "2026-10" });
  expect(task?.cost).toMatchObject({ queries: expect.any(Number), rows: expect.any(Number) });
  const report = await call<{ result: { months: readonly object[] } }>(operator, "get_task", { task_id: task?.id });
  expect(report.result.months).toHaveLength(12);
  await operator.close();
});
