import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { runCallgate, startCallgate } from "./testing/run-callgate.ts";
import { call, post, ready, startHttp, writeWaitingGate } from "./testing/waiting-gate.ts";

let project: Project;
beforeEach(() => {
  project = emptyFolder();
  installInto(project.folder);
});
afterEach(() => project.remove());

describe("the backends of a gate over HTTP", { timeout: 60_000 }, () => {
  it.each([
    ["fails", `start: () => { throw new Error("no route to the books"); }`, "no route to the books"],
    ["is not healthy", `start: () => ({}), health: () => Promise.reject(new Error("books are locked"))`, "locked"],
    ["never answers", "start: () => new Promise(() => {})", "no answer within 9 seconds"],
  ])(
    "[B1] refuses to start within ten seconds where a backend %s, and names it in one sentence",
    async (_what, backend, why) => {
      writeWaitingGate(project, { backend: `backend: { ${backend} }` });
      const { code, stderr } = await runCallgate(["start", "--port", "0"], project);
      expect([code, stderr.trim().split("\n")]).toEqual([4, [expect.stringMatching(`"slow".*${why}`)]]);
    },
  );

  it("[B4] does not repeat a credential that a backend names in what it throws (SECURITY 30)", async () => {
    writeWaitingGate(project, {
      backend: `backend: { credentials: { read: { kind: "env", name: "BOOKS_TOKEN", optional: false } },
        start: ({ credential }) => { throw new Error("no books for " + credential); } }`,
    });
    const environment = { BOOKS_TOKEN: "canary of the books" };
    const { code, stderr } = await runCallgate(["start", "--port", "0", "--debug"], { ...project, environment });
    expect([code, stderr]).toEqual([4, expect.stringContaining("no books for [masked]")]);
    expect(stderr).not.toContain("canary");
  });

  it.each([
    ["fails", `start: () => { if (!existsSync("up")) throw new Error("no route to the books"); return {}; }`],
    ["is not healthy", `start: () => ({}), health: () => { if (!existsSync("up")) throw new Error("locked"); }`],
  ])("[B1] serves a backend that is not required and %s as down, and again once it is up", async (_what, backend) => {
    writeWaitingGate(project, { backend: `backend: { required: false, ${backend} }` });
    project.write("go", "");
    const from = performance.now();
    const { gate, url } = await startHttp(project);
    expect(performance.now() - from).toBeLessThan(17_000);
    expect(gate.said()).toContain('"domain":"slow"');
    expect(await ready(url)).toEqual([200, { ready: true, down: ["slow"] }]);
    const { result } = (await (await post(url)).json()) as { result: Record<string, unknown> };
    expect(result).toMatchObject({
      isError: true,
      _meta: { "io.callgate/error": { code: "backend_down", next: expect.stringContaining("Try again later") } },
    });
    project.write("up", "");
    await expect.poll(() => ready(url)).toEqual([200, { ready: true }]);
    expect(await (await post(url)).json()).toMatchObject({ result: { structuredContent: { went: true } } });
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  });

  it("[B1] lets calls wait for a backend that is not required and takes its time", async () => {
    const start = `start: async () => { while (!existsSync("up")) await setTimeout(50); return {}; }`;
    writeWaitingGate(project, { backend: `backend: { required: false, ${start} }` });
    project.write("go", "");
    const { gate, url } = await startHttp(project);
    await gate.until(/still starting/);
    expect(await ready(url)).toEqual([200, { ready: true, down: ["slow"] }]);
    const answer = post(url);
    project.write("up", "");
    expect(await (await answer).json()).toMatchObject({ result: { structuredContent: { went: true } } });
    await expect.poll(() => ready(url)).toEqual([200, { ready: true }]);
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  });

  it("[B1] says that it is not ready while a required backend is away, and answers its calls so", async () => {
    writeWaitingGate(project, {
      backend: `backend: { start: () => ({}), health: () => { if (existsSync("away")) throw new Error(); } }`,
    });
    project.write("go", "");
    const { gate, url } = await startHttp(project);
    project.write("away", "");
    await expect.poll(() => ready(url)).toEqual([503, { ready: false, down: ["slow"] }]);
    expect(await (await post(url)).text()).toContain("backend_down");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  });
});

describe("the credentials of a gate's backends", { timeout: 60_000 }, () => {
  it("[B4] are found anew by SIGHUP, and calls go on with the new ones", async () => {
    project.write("token", "first-token");
    writeWaitingGate(project, {
      backend: `backend: {
        credentials: { read: { kind: "file", name: "token", optional: false } },
        start: ({ credential }) => { if (credential === "wrong-token") throw new Error("not taken"); writeFileSync("opened", credential); return {}; },
      }`,
    });
    project.write("go", "");
    const { gate, url } = await startHttp(project);
    const opened = () => readFileSync(join(project.folder, "opened"), "utf8");
    expect(opened()).toBe("first-token");
    project.write("token", "wrong-token");
    gate.kill("SIGHUP");
    await gate.until(/a new credential is not used/);
    expect((await post(url)).status).toBe(200);
    project.write("token", "second-token");
    gate.kill("SIGHUP");
    await expect.poll(opened).toBe("second-token");
    expect((await post(url)).status).toBe(200);
    expect(gate.said()).not.toMatch(/(?:first|wrong|second)-token/);
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  });
});

describe("the backends of a gate over stdio", { timeout: 60_000 }, () => {
  it("[B1] serves a backend again that was down when it started", async () => {
    writeWaitingGate(project, {
      backend: `backend: { required: false, start: () => { if (!existsSync("up")) throw new Error(); } }`,
    });
    project.write("go", "");
    const gate = startCallgate(["start", "--stdio"], project);
    const ask = (id: number): void => void gate.stdin?.write(`${JSON.stringify({ ...call, id })}\n`);
    ask(1);
    await gate.until(/"id":1.*backend_down/);
    project.write("up", "");
    await gate.until(/is up again/);
    ask(2);
    await gate.until(/"id":2.*"went":true/);
    gate.stdin?.end();
    expect((await gate.ended).code).toBe(0);
  });
});
