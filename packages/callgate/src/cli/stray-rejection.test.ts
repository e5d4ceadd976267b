import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { startCallgate } from "./testing/run-callgate.ts";
import { call, post, startHttp } from "./testing/waiting-gate.ts";

/** Two things at once, awaited one after the other: where both fail, nobody is there to take the second one's error. */
const CONFIG = `import { defineDomain, defineGate, sqlite } from "callgate";
import { z } from "zod";
const slow = defineDomain("slow", { owner: "o", purpose: "p", concern: "c" });
const ask = async (what) => { throw new Error("no route to " + what + ", password=hunter2"); };
slow.read("wait_for_go", {
  description: "Asks two others at once.",
  input: z.object({}),
  output: z.object({}),
  run: async () => {
    const [guests, rooms] = [ask("guests"), ask("rooms")];
    await guests;
    await rooms;
    return {};
  },
});
const ann = { kind: "person", user: "ann", scopes: ["*"] };
export default defineGate({
  name: "stray", domains: [slow], store: sqlite(".callgate/gate.db"), server: { drainDelayMs: 0 },
  callers: { authenticate: [() => ann], local: ann },
});
`;

describe("an error that a tool's code leaves to nobody", () => {
  let project: Project;
  beforeEach(() => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", CONFIG);
  });
  afterEach(() => project.remove());

  it("[G3] ends no gate over HTTP: its log says it, and all are served", async () => {
    const { gate, url } = await startHttp(project);
    for (let time = 0; time < 2; time += 1)
      expect(await (await post(url)).text()).toContain('"code\\":\\"system_error');
    const said = await gate.until(/no route to rooms[^\n]*nobody waited for/);
    expect(said).not.toContain("hunter2");
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  });

  it("ends the gate where it is an exception, masked and with code 1: nothing can be relied on after it", async () => {
    project.write(
      "callgate.config.ts",
      CONFIG.replace("await guests;", "setImmediate(() => { throw new Error('password=hunter2'); });"),
    );
    const { gate, url } = await startHttp(project);
    await post(url).catch(() => undefined);
    const { code, stderr } = await gate.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining("password=[masked]")]);
    expect(stderr).not.toContain("hunter2");
  });

  it("[G3] ends no gate over stdio", async () => {
    const gate = startCallgate(["start", "--stdio"], project);
    gate.stdin?.write(`${JSON.stringify(call)}\n`);
    await gate.until(/nobody waited for/);
    gate.stdin?.end(`${JSON.stringify({ ...call, id: 8 })}\n`);
    const { code, stdout } = await gate.ended;
    expect([code, stdout.trim().split("\n")]).toEqual([
      0,
      [expect.stringContaining('"id":7'), expect.stringContaining('"id":8')],
    ]);
  });
});
