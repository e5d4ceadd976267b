import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { BINARY, type Ran, runCallgate, startCallgate, startCommand } from "../testing/run-callgate.ts";
import { call, writeWaitingGate } from "../testing/waiting-gate.ts";

const CALLS = 900;

let project: Project;
/** All of them, as the command gives them. */
let whole: Ran;
const run = (...args: string[]): Promise<Ran> => runCallgate(["audit", "export", ...args], project);
const waits = ["--tool", "wait_for_go"] as const;
const file = (name: string): string => readFileSync(join(project.folder, name), "utf8");

interface Row {
  readonly call_id: string;
  readonly at: string;
  readonly writer: string;
  readonly ordinal: number;
}

function rowsOf(lines: string): readonly Row[] {
  expect(lines.endsWith("\n")).toBe(true);
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

/** A gate with more calls on record than a page holds. */
beforeAll(async () => {
  project = emptyFolder();
  installInto(project.folder);
  writeWaitingGate(project, { rate: "100000/s" });
  project.write("go", "");
  const gate = startCallgate(["start", "--stdio"], project);
  for (let id = 1; id <= CALLS; id += 1) {
    gate.stdin?.write(`${JSON.stringify({ ...call, id })}\n`);
    if (id % 100 === 0) await gate.until(new RegExp(`"id":${id}\\b`));
  }
  gate.stdin?.end();
  await gate.ended;
  whole = await run(...waits);
}, 60_000);
afterAll(() => project.remove());

describe("callgate audit export", { timeout: 60_000 }, () => {
  it("[O1] gives every row that fits once, in full, newest first, a line a row", async () => {
    const { code, stdout, stderr } = whole;
    const rows = rowsOf(stdout);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${CALLS} rows, newest first.`)]);
    expect(new Set(rows.map(({ writer, ordinal }) => `${writer} ${ordinal}`)).size).toBe(CALLS);
    expect(rows.map(({ ordinal }) => ordinal)).toEqual(rows.map(({ ordinal }) => ordinal).toSorted((a, b) => b - a));
    const shown = await runCallgate(["audit", "show", rows[700]?.call_id ?? "", "--json"], project);
    expect(JSON.parse(shown.stdout)).toEqual(rows[700]);
    expect(rows[700]).toMatchObject({ tool: "wait_for_go", outcome: "ok", result: '{"went":true}' });
  });

  it("[O1] takes the filters of a search, and says nothing on stdout where no row fits", async () => {
    const rows = rowsOf(whole.stdout);
    const until = rows[400]?.at ?? "";
    const earlier = await run(...waits, "--until", until);
    expect(rowsOf(earlier.stdout)).toEqual(rows.filter(({ at }) => at < until));
    expect(await run(...waits, "--outcome", "refused")).toMatchObject({ code: 0, stdout: "" });
    expect(await run("--from", "yesterday-ish")).toMatchObject({ code: 2, stdout: "" });
  });

  it("[O1] goes to a file of its owner's alone, writes over none, and goes on in it from a cursor", async () => {
    expect(await run(...waits, "--out", "whole.ndjson")).toMatchObject({ code: 0, stdout: "" });
    expect(file("whole.ndjson")).toBe(whole.stdout);
    expect(statSync(join(project.folder, "whole.ndjson")).mode & 0o777).toBe(0o600);
    const again = await run(...waits, "--out", "whole.ndjson");
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--cursor") });
    expect(file("whole.ndjson")).toBe(whole.stdout);

    const page = await runCallgate(["call", "export_audit", "tool=wait_for_go", "limit=450", "--json"], project);
    const { records, next_cursor } = JSON.parse(page.stdout) as { records: Row[]; next_cursor: string };
    project.write("parts.ndjson", records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    expect(await run(...waits, "--cursor", next_cursor, "--out", "parts.ndjson")).toMatchObject({ code: 0 });
    expect(file("parts.ndjson")).toBe(whole.stdout);
  });
});

describe("an export that is broken off", { timeout: 60_000 }, () => {
  it("[O1] by a full disk keeps whole rows, says where to go on, and is complete once it has", async () => {
    const gate = startCallgate(["start", "--port", "0"], project);
    const url = /(http:\S+)\/mcp/.exec(await gate.until(/serves 1 tools/))?.[1] ?? "";
    const operator = await runCallgate(["keys", "create", "--kind", "operator", "--name", "ops"], project);
    const environment = { CALLGATE_KEY: operator.stdout.trim() };
    const args = ["audit", "export", "--url", url, ...waits, "--out", "cut.ndjson"];
    // Three quarters of the rows: the limit is met within the second page.
    const blocks = Math.ceil((Buffer.byteLength(whole.stdout) * 0.75) / 512);
    const limited = `ulimit -f ${blocks}; exec "$0" "$@"`;
    const cut = startCommand("sh", ["-c", limited, process.execPath, BINARY, ...args], { ...project, environment });
    const { code, stderr } = await cut.ended;
    expect(code, stderr).toBe(1);
    const cursor = /--cursor (\S+)/.exec(stderr)?.[1] ?? "";
    expect(rowsOf(file("cut.ndjson"))).toEqual(rowsOf(whole.stdout).slice(0, 500));
    const on = await runCallgate([...args, "--cursor", cursor], { ...project, environment });
    expect(on, on.stderr).toMatchObject({ code: 0 });
    expect(file("cut.ndjson")).toBe(whole.stdout);
    gate.kill("SIGTERM");
    await gate.ended;
  });

  it("[O1] by a reader that has seen enough ends without a word", async () => {
    const child = spawn(process.execPath, [BINARY, "audit", "export"], { cwd: project.folder });
    const told: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => told.push(text));
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, told.join("")]).toEqual([0, ""]);
  });
});
