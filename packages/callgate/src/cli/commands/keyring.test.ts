import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../fixtures/project.ts";
import { type Ran, runCallgate } from "../fixtures/run-callgate.ts";

interface ShownKey {
  readonly id: string;
  readonly use: string;
  readonly made?: string;
  readonly used?: string;
}

const CONFIG = `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
  notes.read("read_note", { description: "Reads a note.", input: z.object({}), run: () => ({ text: "hello" }) });
  export default defineGate({ name: "test", domains: [notes], callers: {}, store: sqlite(".callgate/gate.db") });
`;

describe("callgate keyring", () => {
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
  const shown = async (environment?: Record<string, string>): Promise<readonly ShownKey[]> => {
    const { stdout, stderr } = await run("show --json", environment);
    expect(stderr).toBe("");
    return JSON.parse(stdout) as readonly ShownKey[];
  };
  const uses = async (environment?: Record<string, string>) => (await shown(environment)).map(({ use }) => use);
  const secretsIn = (path: string): readonly string[] =>
    (JSON.parse(readFileSync(path, "utf8")) as { keys: { sealing: string; chain: string }[] }).keys.flatMap(
      ({ sealing, chain }) => [sealing, chain],
    );

  it("shows ids and ages, and never a secret (SECURITY 30)", async () => {
    const [key] = await shown();
    expect(key).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{8}$/), use: "seals" });
    expect(Date.now() - Date.parse(key?.made ?? "")).toBeLessThan(60_000);
    const said = [await run("show"), await run("rotate"), await run("show --json"), await run("add")];
    for (const { stdout, stderr } of said)
      for (const secret of secretsIn(ringPath)) expect(stdout + stderr).not.toContain(secret);
    expect(statSync(ringPath).mode & 0o777).toBe(0o600);
  });

  it("rotates in one step where every gate reads the file, and in two where a key waits", async () => {
    const [before] = await shown();
    expect((await run("rotate")).code).toBe(0);
    expect((await shown()).map(({ id, use }) => [id === before?.id, use])).toEqual([
      [false, "seals"],
      [true, "opens"],
    ]);
    await run("add");
    const [waiting] = await shown();
    expect(await uses()).toEqual(["waits", "seals", "opens"]);
    expect((await run("add")).stderr).toContain(`the key ${waiting?.id} waits to be used already`);
    await run("rotate");
    expect((await shown())[0]).toMatchObject({ id: waiting?.id, use: "seals" });
    expect(await uses()).toEqual(["seals", "opens", "opens"]);
  });

  it("changes a ring that replicas have copies of into a new file, in two steps", async () => {
    expect((await run("create --out ring.json")).code).toBe(0);
    const path = join(project.folder, "ring.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const shared = { CALLGATE_KEYRING: readFileSync(path, "utf8") };
    expect(await uses(shared)).toEqual(["seals"]);
    const early = await run("rotate --out early.json", shared);
    expect([early.code, early.stderr]).toEqual([2, expect.stringContaining("callgate keyring add")]);
    expect((await run("add", shared)).stderr).toContain("CALLGATE_KEYRING, which is not the gate's to change");
    expect((await run("add --out next.json", shared)).code).toBe(0);
    const next = { CALLGATE_KEYRING: `file:${join(project.folder, "next.json")}` };
    expect(await uses(next)).toEqual(["waits", "seals"]);
    expect((await run("rotate --out used.json", next)).code).toBe(0);
    expect(await uses({ CALLGATE_KEYRING: `file:${join(project.folder, "used.json")}` })).toEqual(["seals", "opens"]);
    expect((await run("rotate --out used.json", next)).stderr).toContain("cannot be written (EEXIST)");
    expect(existsSync(ringPath)).toBe(false);
  });

  it("prunes keys that have sealed nothing for long enough, and none that may be wanted", async () => {
    await run("rotate");
    await run("rotate");
    const ring = JSON.parse(readFileSync(ringPath, "utf8")) as { keys: { used: string }[] };
    for (const [index, days] of [10, 20].entries()) {
      const key = ring.keys[index];
      if (key !== undefined) key.used = new Date(Date.now() - days * 86_400_000).toISOString();
    }
    writeFileSync(ringPath, JSON.stringify(ring));
    expect((await run("prune --days 3 --yes")).code).toBe(2);
    expect((await run("prune --days 15")).stderr).toContain("no terminal to ask");
    expect((await run("prune --days 15 --yes")).code).toBe(0);
    expect(await shown()).toHaveLength(2);
    expect((await run("prune --days 15 --yes")).stderr).toContain("No key is that old");
  });

  it("is what a store insists on: a gate that has lost it does not start, until another one is adopted (SECURITY 15)", async () => {
    const call = () => runCallgate(["call", "read_note"], { folder: project.folder });
    expect((await call()).code).toBe(0);
    const { keys } = JSON.parse(readFileSync(ringPath, "utf8")) as { keys: ShownKey[] };
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
