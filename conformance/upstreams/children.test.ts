import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { connectStdio } from "../../packages/callgate/src/upstream/connect-stdio.ts";
import type { UpstreamConnection } from "../../packages/callgate/src/upstream/connection.ts";
import { requestOptions } from "../../packages/callgate/src/upstream/testing/request-options.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { connectChild, isAlive, look } from "./connect-child.ts";
import { callOnce } from "./trial.ts";

const folder = mkdtempSync(join(tmpdir(), "callgate-children-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open: UpstreamConnection[] = [];
afterEach(() => Promise.all(open.splice(0).map((connection) => connection.close())));

function connect(...all: Parameters<typeof connectChild>): UpstreamConnection {
  const connection = connectChild(...all);
  open.push(connection);
  return connection;
}

const starts = (book: string): number => readFileSync(book, "utf8").split("\n").length - 1;

describe("SECURITY 26: a child that", () => {
  it.each([
    { way: "answers", told: "answered", withinMs: 30_000 },
    { way: "talks on stdout", told: "answered", withinMs: 30_000 },
    { way: "answers twice", told: "answered", withinMs: 30_000 },
    { way: "floods stderr", told: "answered", withinMs: 30_000 },
    { way: "ends within the call", told: "upstream_unreachable", withinMs: 30_000 },
    { way: "says too much", told: "upstream_unreachable", withinMs: 30_000 },
    { way: "ends at once", told: "upstream_unreachable!", withinMs: 30_000 },
  ])("$way", async ({ way, told, withinMs }) => {
    const connection = connect(way);
    for (let call = 0; call < 3; call++) expect(await callOnce(connection, withinMs)).toBe(told);
  });

  it.each(["says nothing", "says broken JSON", "answers another call"])("%s", async (way) => {
    const connection = connect(way);
    await connection.health(AbortSignal.timeout(30_000));
    const told = await Promise.all(Array.from({ length: 20 }, () => callOnce(connection, 200)));
    expect(new Set(told)).toEqual(new Set(["upstream_timeout"]));
  });

  it("ends again and again is started again, later each time", async () => {
    const book = join(folder, "starts");
    const connection = connect("ends at once", { book });
    for (let call = 0; call < 30; call++) expect(await callOnce(connection, 500)).toBe("upstream_unreachable!");
    // Each try is two starts: the second in case that the first question was what ended it.
    expect(starts(book)).toBeGreaterThan(2);
    expect(starts(book)).toBeLessThanOrEqual(16);
  });

  it("was killed is started again once, however many wait", async () => {
    const book = join(folder, "killed");
    const connection = connect("answers", { book });
    const { pid } = await look(connection);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
    const seen = await Promise.all(Array.from({ length: 10 }, () => look(connection)));
    expect(new Set(seen.map((each) => each.pid)).size).toBe(1);
    expect(starts(book)).toBe(2);
  });
});

describe("SECURITY 27: a child", () => {
  it("is run without a shell", async () => {
    const mark = join(folder, "mark");
    const command = `echo; touch ${mark}`;
    const connection = connectStdio({ name: "odd", command, log: silentLog });
    open.push(connection);
    expect(await callOnce(connection, 30_000)).toBe("upstream_unreachable!");
    const args = [`$(touch ${mark})`, `; touch ${mark}`, "`id`", "a  b", "*"];
    expect((await look(connect("answers", { args }))).args).toEqual(args);
    expect(existsSync(mark)).toBe(false);
  });

  it("gets what it is given of the environment, and nothing of the gate's own but where things are", async () => {
    process.env["CALLGATE_TEST_SECRET"] = "hunter2";
    const { environment } = await look(connect("answers", { env: { GIVEN: "yes" } }));
    delete process.env["CALLGATE_TEST_SECRET"];
    expect(environment).toMatchObject({ GIVEN: "yes", PATH: process.env["PATH"] });
    expect(environment).not.toHaveProperty("CALLGATE_TEST_SECRET");
    expect(environment).not.toHaveProperty("NODE_OPTIONS");
  });

  it("ends with its connection, and what it has started too", async () => {
    const connection = connect("does not want to end");
    const { pid, child } = await look(connection);
    await connection.close();
    await expect.poll(() => [pid, child ?? 0].map(isAlive)).toEqual([false, false]);
    const request = connection.request("tools/call", { name: "do", arguments: {} }, requestOptions());
    await expect(request).rejects.toMatchObject({ fault: { kind: "unreachable", sent: false } });
  });

  it("ends when the gate is killed, and what it has started too", { timeout: 60_000 }, async () => {
    const holder = fileURLToPath(new URL("child-holder.ts", import.meta.url));
    const gate = spawn(process.execPath, [holder], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(gate.stdout, "data")) as [Buffer];
    const pids = JSON.parse(line.toString()) as number[];
    expect(pids.map(isAlive)).toEqual([true, true]);
    gate.kill("SIGKILL");
    await expect.poll(() => pids.map(isAlive), { timeout: 30_000 }).toEqual([false, false]);
  });
});
