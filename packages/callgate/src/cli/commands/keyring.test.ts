import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate } from "../testing/run-callgate.ts";

interface WrittenKey {
  readonly id: string;
  readonly sealing: string;
  readonly chain: string;
  used?: string;
}

interface WrittenRing {
  readonly keys: readonly WrittenKey[];
  readonly next?: WrittenKey;
}

const CONFIG = `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
  notes.read("read_note", { description: "Reads a note.", input: z.object({}), run: () => ({ text: "hello" }) });
  export default defineGate({ name: "test", domains: [notes], callers: {}, store: sqlite(".callgate/gate.db") });
`;

// Each command is a process, and the machine may be busy.
describe("callgate keyring", { timeout: 120_000 }, () => {
  let project: Project;
  let ringPath: string;
  beforeEach(() => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", CONFIG);
    ringPath = join(project.folder, ".callgate", "keyring.json");
  });
  afterEach(() => project.remove());

  const run = (args: string, environment: Record<string, string> = {}): Promise<Ran> =>
    runCallgate(["keyring", ...args.split(" ")], { folder: project.folder, environment });
  const written = (path = ringPath): WrittenRing => JSON.parse(readFileSync(path, "utf8")) as WrittenRing;

  it("shows ids and ages, and never a secret (SECURITY 30)", async () => {
    const first = await run("show --json");
    const [key] = JSON.parse(first.stdout) as { id: string; use: string; made: string }[];
    expect(key).toMatchObject({ id: written().keys[0]?.id, use: "seals" });
    expect(Date.now() - Date.parse(key?.made ?? "")).toBeLessThan(600_000);
    const said = [first, await run("rotate"), await run("add"), await run("show")];
    const { keys, next } = written();
    for (const { id, sealing, chain } of [...keys, ...(next === undefined ? [] : [next])]) {
      expect(said.at(-1)?.stdout).toContain(id);
      for (const { stdout, stderr } of said)
        for (const secret of [sealing, chain]) expect(stdout + stderr).not.toContain(secret);
    }
    expect(said.at(-1)?.stdout).toMatch(/waits.*\n.*seals.*\n.*opens/);
    expect(statSync(ringPath).mode & 0o777).toBe(0o600);
  });

  it("rotates in one step where every gate reads the file, and in two where a key waits", async () => {
    await run("rotate");
    const [newest, ...older] = written().keys;
    expect(older).toHaveLength(1);
    await run("add");
    const { keys, next } = written();
    expect(keys).toEqual([newest, ...older]);
    expect((await run("add")).stderr).toContain(`the key ${next?.id} waits to be used already`);
    await run("rotate");
    expect(written().next).toBeUndefined();
    expect(written().keys.map(({ id }) => id)).toEqual([next, newest, ...older].map((key) => key?.id));
  });

  it("changes a ring that replicas have copies of into a new file, in two steps", async () => {
    expect((await run("create --out ring.json")).code).toBe(0);
    const path = (name: string): string => join(project.folder, name);
    expect(statSync(path("ring.json")).mode & 0o777).toBe(0o600);
    const shared = { CALLGATE_KEYRING: readFileSync(path("ring.json"), "utf8") };
    const early = await run("rotate --out early.json", shared);
    expect([early.code, early.stderr]).toEqual([2, expect.stringContaining("callgate keyring add")]);
    expect((await run("add", shared)).stderr).toContain("CALLGATE_KEYRING, which is not the gate's to change");
    await run("add --out next.json", shared);
    const { keys, next } = written(path("next.json"));
    expect(keys).toEqual(written(path("ring.json")).keys);
    const waiting = { CALLGATE_KEYRING: `file:${path("next.json")}` };
    expect((await run("rotate --out used.json", waiting)).code).toBe(0);
    expect(written(path("used.json")).keys.map(({ id }) => id)).toEqual([next, ...keys].map((key) => key?.id));
    expect((await run("rotate --out used.json", waiting)).stderr).toContain("is there already; it is not overwritten");
    expect(existsSync(ringPath)).toBe(false);
  });

  it("prunes keys that have sealed nothing for long enough, and none that may be wanted", async () => {
    await run("rotate");
    await run("rotate");
    const ring = written();
    for (const [index, days] of [10, 20].entries()) {
      const key = ring.keys[index];
      if (key !== undefined) key.used = new Date(Date.now() - days * 86_400_000).toISOString();
    }
    writeFileSync(ringPath, JSON.stringify(ring));
    expect((await run("prune --days 3 --yes")).code).toBe(2);
    expect((await run("prune --days 15")).stderr).toContain("no terminal to ask");
    expect((await run("prune --days 15 --yes")).code).toBe(0);
    expect(written().keys).toEqual(ring.keys.slice(0, 2));
    expect((await run("prune --days 15 --yes")).stderr).toContain("No key is that old");
  });

  it("is what a store insists on: a gate that has lost it does not start, until another one is adopted (SECURITY 15)", async () => {
    const call = () => runCallgate(["call", "read_note"], { folder: project.folder });
    expect((await call()).code).toBe(0);
    const { keys } = written();
    rmSync(ringPath);
    const refused = await call();
    expect(refused.code).toBe(4);
    for (const part of [...keys.map(({ id }) => id), ringPath, "CALLGATE_KEYRING", "callgate keyring adopt"])
      expect(refused.stderr).toContain(part);
    expect((await run("adopt --yes")).code).toBe(0);
    expect((await call()).code).toBe(0);
  });

  it("that is broken in a variable is told by the variable's name, not by its content", async () => {
    const secret = randomBytes(32).toString("base64url");
    const { code, stderr } = await run("show", { CALLGATE_KEYRING: `{"version":1,"keys":[{"sealing":"${secret}` });
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining("the environment variable CALLGATE_KEYRING is damaged"),
    ]);
    expect(stderr).not.toContain(secret);
  });
});
