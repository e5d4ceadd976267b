import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
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

describe("callgate start over HTTP", () => {
  it("[B1] says that it is healthy and ready, and leaves word that only its user may read", async () => {
    writeWaitingGate(project);
    const { gate, url } = await startHttp(project);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ ready: true });
    const file = join(project.folder, ".callgate", "gate.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ url, pid: gate.pid });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it("[B1] listens to this machine alone where HOST or --host is there and empty, as an .env may leave it", async () => {
    writeWaitingGate(project);
    for (const how of [{ environment: { HOST: "" } }, { args: ["--host", ""] }]) {
      const { gate, url } = await startHttp(project, how);
      expect(new URL(url).hostname).toBe("127.0.0.1");
      gate.kill("SIGTERM");
      await gate.ended;
    }
  });

  it("finishes and answers a call in flight after SIGTERM, takes no new one, and exits with 0", async () => {
    writeWaitingGate(project);
    const { gate, url } = await startHttp(project);
    const answer = post(url);
    await gate.until(/waiting/);
    gate.kill("SIGTERM");
    await gate.until(/finishing the calls in flight/);
    await expect
      .poll(() =>
        fetch(`${url}/health`).then(
          () => "open",
          () => "closed",
        ),
      )
      .toBe("closed");
    project.write("go", "");
    expect(await (await answer).json()).toMatchObject({ id: 7, result: { structuredContent: { went: true } } });
    expect((await gate.ended).code).toBe(0);
  });

  it("does not wait for connections that were opened ahead of need", async () => {
    writeWaitingGate(project);
    const { gate, url } = await startHttp(project);
    const { hostname, port } = new URL(url);
    const ahead = connect(Number(port), hostname);
    await new Promise((resolve) => ahead.once("connect", resolve));
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
    ahead.destroy();
  });

  it("ends at once at the second signal", async () => {
    writeWaitingGate(project);
    const { gate, url } = await startHttp(project);
    const answer = post(url).then(
      () => "answered",
      () => "cut off",
    );
    await gate.until(/waiting/);
    gate.kill("SIGTERM");
    await gate.until(/finishing the calls in flight/);
    const again = setInterval(() => gate.kill("SIGTERM"), 50);
    expect((await gate.ended).code).toBe(143);
    clearInterval(again);
    expect(await answer).toBe("cut off");
  });

  it.each([
    ["a port in use", "export default 1", "PORT"],
    ["a config that exports no gate", "export default 1", "does not export a gate"],
    ["a gate without callers", 'export default { name: "g", domains: [] }', "it has no callers. Say who may call"],
    [
      "a gate whose domains are misspelt",
      'export default { name: "g", domain: [], callers: {} }',
      'Did you mean "domains"?',
    ],
    [
      "a config that cannot be parsed",
      "export default {",
      "callgate.config.ts could not be loaded: callgate.config.ts:1: ",
    ],
    ["a config that throws", '\nthrow new Error("no region");', "callgate.config.ts:2: no region"],
    ["a config that misses a file", 'import "./not-there.js"', "with its ending"],
    ["a config that misses a package", 'import "not-there"', "Run npm install"],
  ])("says in plain words that it cannot start for %s", async (what, content, words) => {
    const busy = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => busy.once("listening", resolve));
    const { port } = busy.address() as { port: number };
    if (what === "a port in use") writeWaitingGate(project);
    else project.write("callgate.config.ts", content);
    const { code, stderr } = await runCallgate(["start", "--port", String(port)], project);
    expect([code, stderr]).toEqual([4, expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/^\s+at /m);
    busy.close();
  });

  it("serves nobody where it cannot leave word of itself", async () => {
    writeWaitingGate(project);
    mkdirSync(join(project.folder, ".callgate", "gate.json"), { recursive: true });
    const { code, stderr } = await runCallgate(["start", "--port", "0"], project);
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(/gate\.json is a folder, and a file belongs there\.\nMove it away/),
    ]);
  });

  it("refuses a domain that has the name of one of its own", async () => {
    writeWaitingGate(project);
    const config = readFileSync(join(project.folder, "callgate.config.ts"), "utf8");
    project.write("callgate.config.ts", config.replace('defineDomain("slow"', 'defineDomain("keys"'));
    const { code, stderr } = await runCallgate(["start", "--port", "0"], project);
    expect([code, stderr]).toEqual([4, expect.stringContaining('domain "keys": two domains have this name')]);
  });
});

describe("callgate start over stdio", () => {
  it("[B2] keeps stdout for the protocol, whatever is printed, and ends when its input does", async () => {
    writeWaitingGate(project, { print: 'console.log("not the protocol");' });
    project.write("go", "");
    const gate = startCallgate(["start", "--stdio"], project);
    gate.stdin?.write(`${JSON.stringify(call)}\n`);
    await gate.until(/went/);
    gate.stdin?.end();
    const { code, stdout, stderr } = await gate.ended;
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ id: 7 }]);
    expect(stderr).toContain("not the protocol");
  });

  it("[B2] ends with its parent, killed or not, and leaves no process behind", async () => {
    writeWaitingGate(project);
    project.write(
      "parent.mjs",
      `import { spawn } from "node:child_process";
      const gate = spawn(process.execPath, ["node_modules/callgate/bin/callgate.js", "start", "--stdio"],
        { stdio: ["pipe", "pipe", "inherit"] });
      gate.stdout.once("data", () => console.log(gate.pid));
      gate.stdin.write(${JSON.stringify(`${JSON.stringify({ ...call, method: "tools/list" })}\n`)});`,
    );
    const parent = spawn(process.execPath, ["parent.mjs"], {
      cwd: project.folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
