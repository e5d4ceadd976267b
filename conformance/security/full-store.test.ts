import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyFolder, installInto, type Project } from "../../packages/callgate/src/cli/testing/project.ts";
import {
  BINARY,
  type Running,
  runCallgate,
  startCallgate,
  startCommand,
} from "../../packages/callgate/src/cli/testing/run-callgate.ts";
import { isWithout } from "../../packages/callgate/src/testing/is-without.ts";
import {
  modernMessage,
  type Received,
  sendModern,
} from "../../packages/callgate/src/transports/testing/modern-request.ts";

/** What any file of the gate may hold, in blocks of 512 bytes: some hundred calls of eight kilobytes each. */
const LIMIT_BLOCKS = 4_096;
const long = "a long note ".repeat(600);

let project: Project;
let running: Running | undefined;
let url: string;

beforeEach(() => {
  project = emptyFolder();
  installInto(project.folder);
  project.write(
    "callgate.config.ts",
    `import { appendFileSync } from "node:fs";
    import { defineDomain, defineGate, sqlite } from "callgate";
    import { z } from "zod";
    const lines = defineDomain("lines", { owner: "test", purpose: "test", concern: "test" });
    const said = z.object({ line: z.string() });
    const open = { modes: ["anyone"], rate: "100000/s", input: said, output: said } as const;
    lines.read("repeat_line", { description: "Repeats a line.", ...open, run: ({ line }) => ({ line }) });
    lines.write("add_line", { description: "Adds a line.", ...open,
      plan: ({ line }) => ({ preview: { line } }),
      commit: ({ preview }) => { appendFileSync("lines", preview.line + "\\n"); return preview; } });
    export default defineGate({ name: "test", domains: [lines], graduation: "off", store: sqlite(".callgate/gate.db"),
      callers: { anonymous: { mode: "anyone" } } });`,
  );
});
afterEach(async () => {
  running?.kill("SIGKILL");
  await running?.ended;
  project.remove();
});

async function listening(gate: Running): Promise<Running> {
  running = gate;
  url = /(http:\S+)\/mcp/.exec(await gate.until(/serves 2 tools/))?.[1] ?? "";
  return gate;
}

/** The gate with little room: no file of it may grow beyond the limit, which can be raised while it runs. */
function startWithLittleRoom(): Promise<Running> {
  const limited = `ulimit -S -f ${LIMIT_BLOCKS}; exec "$0" "$@"`;
  return listening(startCommand("sh", ["-c", limited, process.execPath, BINARY, "start", "--port", "0"], project));
}

function call(name: string, args: Readonly<Record<string, unknown>>): Promise<Received> {
  return sendModern(`${url}/mcp`, modernMessage("tools/call", { name, arguments: args }));
}

const write = { line: "written", idempotency_key: "a-key-that-nobody-can-guess-0001" };

/** Calls until not even a short call is recorded any more. Gives how many were served; all others were refused as they must be. */
async function fill(): Promise<number> {
  let served = 0;
  for (const line of [long, "short"]) {
    for (let refused = 0; refused < 50; ) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => call("repeat_line", { line })));
      const kept = answers.filter(({ status }) => status === 200).length;
      for (const answer of answers) if (answer.status !== 200) expectRefusal(answer);
      served += kept;
      refused = kept === 0 ? refused + answers.length : 0;
      expect(served).toBeLessThan(20_000);
    }
  }
  return served;
}

function expectRefusal({ status, json, text, headers }: Received): void {
  expect(status).toBe(503);
  expect(json.error).toMatchObject({ data: { code: "not_recorded" }, message: expect.stringMatching(/record/i) });
  expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  expect(text).not.toContain("a long note");
}

function linesWritten(): readonly string[] {
  const path = join(project.folder, "lines");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

async function rowsOf(...filters: readonly string[]): Promise<number> {
  const { code, stdout } = await runCallgate(["audit", "export", ...filters], project);
  expect(code).toBe(0);
  return stdout.split("\n").length - 1;
}

async function expectWholeRecord(served: number): Promise<void> {
  expect(await rowsOf("--tool", "repeat_line", "--outcome", "ok")).toBe(served);
  expect(await runCallgate(["audit", "verify"], project)).toMatchObject({ code: 0 });
}

describe("a store without room", { timeout: 60_000 }, () => {
  test.skipIf(isWithout("Linux", process.platform === "linux"))(
    "refuses what it cannot record, in words, and serves again as soon as there is room",
    async () => {
      const gate = await startWithLittleRoom();
      const served = await fill();
      expect(served).toBeGreaterThan(50);
      expectRefusal(await call("add_line", write));
      expect((await fetch(`${url}/health`)).status).toBe(200);

      const raised = startCommand("prlimit", ["--pid", String(gate.pid), "--fsize=unlimited"], project);
      expect((await raised.ended).code).toBe(0);
      await expect.poll(async () => (await call("repeat_line", { line: "room" })).status).toBe(200);
      expect((await call("add_line", write)).json.result).toMatchObject({ structuredContent: { line: "written" } });
      expect(linesWritten()).toEqual(["written"]);
      const since = await rowsOf("--tool", "repeat_line", "--outcome", "ok", "room");
      gate.kill("SIGTERM");
      expect((await gate.ended).code).toBe(0);
      await expectWholeRecord(served + since);
    },
  );

  test("answers nothing unrecorded, and loses nothing that it answered when it is started anew with room (SECURITY 31)", async () => {
    const full = await startWithLittleRoom();
    const served = await fill();
    expectRefusal(await call("add_line", write));
    full.kill("SIGTERM");
    await full.ended;

    const gate = await listening(startCallgate(["start", "--port", "0"], project));
    expect((await call("add_line", write)).json.result).toMatchObject({ structuredContent: { line: "written" } });
    expect(linesWritten()).toEqual(["written"]);
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
    await expectWholeRecord(served);
  });
});
