import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { runCallgate, startCallgate } from "./testing/run-callgate.ts";
import { call, post, startHttp, writeWaitingGate } from "./testing/waiting-gate.ts";

let project: Project;
beforeEach(() => {
  project = emptyFolder();
  installInto(project.folder);
});
afterEach(() => project.remove());

describe("the transport of callgate start", { timeout: 60_000 }, () => {
  const unset = { TRANSPORT: "" };

  /** What the gate answers to the same call over stdio. */
  async function askOverStdio(args: readonly string[], environment: Record<string, string>): Promise<object> {
    const gate = startCallgate(["start", ...args], { ...project, environment });
    gate.stdin?.end(`${JSON.stringify(call)}\n`);
    const { code, stdout, stderr } = await gate.ended;
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as object;
  }

  async function askOverHttp(args: readonly string[], environment: Record<string, string>): Promise<object> {
    const { gate, url } = await startHttp(project, { args, environment });
    const answer = (await (await post(url)).json()) as object;
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
    return answer;
  }

  it("[T2] is TRANSPORT's, or a flag's, which wins; and the same call has the same answer", async () => {
    writeWaitingGate(project);
    project.write("go", "");
    const answer = { jsonrpc: "2.0", id: 7, result: { structuredContent: { went: true } } };
    const overHttp = await askOverHttp([], unset);
    expect(overHttp).toMatchObject(answer);
    for (const [args, TRANSPORT] of [
      [[], "http"],
      [["--http"], "stdio"],
    ] as const)
      expect(await askOverHttp(args, { TRANSPORT })).toEqual(overHttp);
    for (const [args, TRANSPORT] of [
      [[], "stdio"],
      [["--stdio"], "http"],
      [["--stdio"], "pigeon"],
    ] as const)
      expect(await askOverStdio(args, { TRANSPORT })).toEqual(overHttp);
  });

  it("[T2] that nobody knows is refused, with the way out", async () => {
    writeWaitingGate(project);
    const { code, stdout, stderr } = await runCallgate(["start"], { ...project, environment: { TRANSPORT: "pigeon" } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/TRANSPORT is "pigeon".*\n.*http or stdio.*--http or --stdio/);
    expect(await runCallgate(["start", "--stdio", "--http"], project)).toMatchObject({ code: 2, stdout: "" });
  });
});
