import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { toMarkdownTable } from "../../bench/src/markdown-table.ts";
import { median } from "../../bench/src/median.ts";
import { emptyFolder, installInto } from "../../packages/callgate/src/cli/testing/project.ts";
import { SNAPSHOT_FILE } from "../../packages/callgate/src/contract/snapshot-file.ts";
import type { GateConfig } from "../../packages/callgate/src/define/gate-config.ts";
import { openTestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { serveHttp } from "../../packages/callgate/src/transports/serve-http.ts";
import { type Written, writeThousandTools } from "./thousand-tools.ts";

const CALLGATE = fileURLToPath(new URL("../../packages/callgate/bin/callgate.js", import.meta.url));
const RUNS = 9;
const MANY_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);

/** Milliseconds from the command to its end, with Node's own start. */
async function timeOf(folder: string, ...args: readonly string[]): Promise<number> {
  const started = performance.now();
  await run(process.execPath, [CALLGATE, ...args], { cwd: folder, maxBuffer: MANY_BYTES });
  return performance.now() - started;
}

async function row(says: string, folder: string, ...args: readonly string[]): Promise<readonly string[]> {
  const times: number[] = [];
  for (let at = 0; at < RUNS; at += 1) times.push(await timeOf(folder, ...args));
  return [says, median(times).toFixed(0), Math.max(...times).toFixed(0)];
}

async function measureCommand(written: Written, folder: string): Promise<readonly (readonly string[])[]> {
  writeThousandTools(folder, written, 0);
  rmSync(join(folder, SNAPSHOT_FILE), { force: true });
  await timeOf(folder, "contract", "snapshot");
  const same = await row(`${written}, nothing has changed`, folder, "contract", "check");
  writeThousandTools(folder, written, 1);
  return [same, await row(`${written}, every tool has`, folder, "contract", "check")];
}

/** The longest that one turn of the event loop took while something was waited for, and how long that took. */
async function whileTurning(work: () => Promise<unknown>): Promise<readonly string[]> {
  let [longest, last, isOver] = [0, performance.now(), false];
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const started = performance.now();
  await work();
  const took = performance.now() - started;
  isOver = true;
  return [took.toFixed(1), longest.toFixed(1)];
}

/** What first callers of two roles cost a gate that serves others meanwhile. */
async function measureGate(folder: string): Promise<readonly (readonly string[])[]> {
  const file = pathToFileURL(join(folder, "callgate.config.ts")).href;
  const { default: declared } = (await import(file)) as { default: GateConfig };
  const callers = {
    authenticate: [({ bearer = "" }) => ({ kind: "person" as const, user: bearer, role: bearer })],
    roles: { first: { scopes: ["*"] }, second: { scopes: ["*", "other"] } },
  };
  await using gate = await openTestGate(declared.domains, { config: { callers } });
  const served = await serveHttp(gate.gate, { port: 0 });
  const get = async (path: string, role: string): Promise<void> => {
    const response = await fetch(`${served.url}${path}`, { headers: { authorization: `Bearer ${role}` } });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    await response.arrayBuffer();
  };
  const list = (role: string) => gate.gate.host.handle(gate.as(role).exchange("tools/list", {}));
  // What is loaded by the first request of all is none of this.
  await get("/tools/find_orders0_list1", "first");
  const rows: (readonly string[])[] = [];
  for (const [role, who] of [
    ["first", "a first caller of all"],
    ["second", "a first caller of another role"],
    ["second", "anybody after that"],
  ] as const) {
    rows.push([`/tools, ${who}`, ...(await whileTurning(() => get("/tools", role)))]);
    rows.push([`tools/list, ${who}`, ...(await whileTurning(() => list(role)))]);
  }
  await served.close();
  return rows;
}

const project = emptyFolder();
installInto(project.folder);
const rows = [
  await row("the command's own start: callgate --version", project.folder, "--version"),
  ...(await measureCommand("zod", project.folder)),
  ...(await measureCommand("json", project.folder)),
];
console.log(`callgate contract check, a thousand tools, ${RUNS} runs each\n`);
console.log(toMarkdownTable(["tools written with", "ms, median", "ms, at most"], rows));
writeThousandTools(project.folder, "zod", 0);
console.log("\na gate with the same thousand tools, zod\n");
console.log(
  toMarkdownTable(["asked for", "ms until it is there", "ms, longest turn"], await measureGate(project.folder)),
);
project.remove();
