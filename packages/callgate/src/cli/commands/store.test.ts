import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { describeWithPostgres, usePostgres } from "../../store/postgres/testing/use-postgres.ts";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate } from "../testing/run-callgate.ts";

// Each of the many commands is a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const CONFIG = `
  import { defineDomain, defineGate, storeFromEnvironment } from "callgate";
  import { z } from "zod";
  const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
  notes.write("add_note", {
    description: "Adds a note.", input: z.object({ text: z.string() }),
    plan: (input) => ({ preview: { text: input.text } }), commit: (plan) => ({ added: plan.preview.text }),
  });
  export default defineGate({
    name: "test", domains: [notes], callers: {}, store: storeFromEnvironment(".callgate/gate.db"), graduation: "off",
  });
`;

describeWithPostgres("callgate store", () => {
  const used = usePostgres({ fsync: false });
  let project: Project;
  beforeEach(() => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", CONFIG);
  });
  afterEach(() => project.remove());
  const run = (args: readonly string[], url = ""): Promise<Ran> =>
    runCallgate(args, { folder: project.folder, environment: { DATABASE_URL: url } });
  const add = (key: string, url?: string): Promise<Ran> =>
    run(["call", "add_note", "text=hello", "--idempotency-key", key, "--yes", "--json"], url);

  it("moves a gate from files to PostgreSQL: a key that was used answers from there, and the audit proves", async () => {
    expect(await add("note-one")).toMatchObject({ code: 0 });
    const out = join(project.folder, "store.ndjson");
    const exported = await run(["store", "export", "--out", out]);
    expect(exported).toMatchObject({ code: 0, stdout: "" });
    expect(exported.stderr).toMatch(/1 writes, \d+ audit_rows, \d+ audit_heads written\./);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    // What the call gave back is sealed there, as it is in the store.
    expect(readFileSync(out, "utf8")).toContain("base64");

    const url = await used.newDatabase();
    const imported = await run(["store", "import", "store.ndjson"], url);
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.stderr).toContain("The chains of the audit prove.");
    expect(await run(["audit", "verify"], url)).toMatchObject({ code: 0 });
    const replayed = await add("note-one", url);
    expect(replayed).toMatchObject({ code: 0 });
    const writes = await run(["writes", "list", "--json"], url);
    expect(JSON.parse(writes.stdout)).toMatchObject({ writes: [{ tool: "add_note", state: "done" }] });

    const again = await run(["store", "import", "store.ndjson"], url);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("the store is not empty");
  });

  it("migrates once, and says beforehand what is pending", async () => {
    const url = await used.newDatabase();
    const checked = await run(["store", "migrate", "--check"], url);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain("ledger 1");
    expect(await run(["store", "migrate"], url)).toMatchObject({ code: 0 });
    expect(await run(["store", "migrate", "--check"], url)).toMatchObject({ code: 0, stdout: "" });
  });

  it("shows what it holds, and nothing of the password", async () => {
    const url = await used.newDatabase();
    await run(["store", "migrate"], url);
    const { stdout } = await run(["store", "status", "--json"], url);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "postgres",
      location: expect.stringContaining(`127.0.0.1:${used.server.port}`),
      schema: { pending: [] },
      writes: {},
      keys: 0,
      audit: { rows: 0, textIndexLag: 0 },
    });
    expect(stdout).not.toContain(new URL(url).password);
    const table = await run(["store", "status"]);
    expect(table.stdout).toMatch(/^schema +0 steps, \d+ pending: callgate store migrate$/m);
  });
});
