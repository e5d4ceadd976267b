import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate } from "../testing/run-callgate.ts";

const config = (name: string, check = ""): string => `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const rooms = defineDomain("rooms", { owner: "team-rooms", purpose: "Letting rooms.", concern: "No room is let twice." });
  rooms.read("${name}", {
    description: "Find rooms that are free in a city. Use it before anything is booked.",
    scope: "rooms:read",
    input: z.object({ city: z.string().max(100).describe("e.g. Lisbon") }),
    output: z.object({ rooms: z.array(z.string()) }),
    run: () => ({ rooms: [] }),
  });
  export default defineGate({
    name: "test", domains: [rooms], store: sqlite("never/gate.db"), ${check}
    callers: { roles: { desk: { scopes: ["rooms:*"] } }, anonymous: { mode: "onboarding" } },
  });
`;

describe("[T6] callgate check", { timeout: 60_000 }, () => {
  let project: Project;
  beforeEach(() => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", config("rooms_find"));
  });
  afterEach(() => project.remove());

  const run = (args = ""): Promise<Ran> =>
    runCallgate(["check", ...args.split(" ").filter((each) => each !== "")], project);

  it("shows what is found, where it stands, what to do, and what each caller's list costs; opens no store and no key ring", async () => {
    const environment = { CALLGATE_KEYRING: "file:never/keyring.json" };
    const { code, stdout } = await runCallgate(["check"], { ...project, environment });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^LIST OF +TOOLS +BYTES +TOKENS +WITHOUT OUTPUTS +DEAREST\nrole desk +1 +[\d,]+ +\d+ +\d+ +rooms_find \d+\nstranger +0 /,
    );
    expect(stdout).toContain(
      'rooms rooms_find  callgate.config.ts:5\n  warning  Its name begins with "rooms", which is no verb.  [verb-first]\n',
    );
    expect(stdout).toContain("What to do:\n  verb-first: Put the verb first: find_rooms.\n");
    expect(stdout).toContain("test: 0 errors, 1 warning, 1 note. --notes shows these too.");
    expect(stdout).not.toContain("domain-small");
    expect((await run("--notes")).stdout).toContain(
      "rooms  callgate.config.ts:4\n  note     It has 1 tool.  [domain-small]\n",
    );
    expect(existsSync(join(project.folder, "never"))).toBe(false);
  });

  it("fails with errors, and with warnings where that is asked for", async () => {
    expect((await run("--deny-warnings")).code).toBe(1);
    project.write("callgate.config.ts", config("rooms_find", `check: { rules: { "verb-first": "error" } },`));
    expect((await run()).code).toBe(1);
    const allow = `check: { allow: { rooms_find: { "verb-first": "Known by this name." } } },`;
    project.write("callgate.config.ts", config("rooms_find", allow));
    const allowed = await run("--deny-warnings");
    expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining("1 note, 1 allowed.")]);
    project.write("callgate.config.ts", config("rooms_find", `check: { rules: { "verb": "off" } },`));
    expect(await run()).toMatchObject({ code: 4, stderr: expect.stringContaining('a field "verb"') });
  });

  it("takes hidden letters out of the sources where that is asked for, says where, and checks what is there then", async () => {
    const source = config("rooms_find").replace("a city. Use", "a\u200b city. Use");
    project.write("callgate.config.ts", source);
    expect(await run()).toMatchObject({ code: 1, stdout: expect.stringContaining("U+200B") });
    const { code, stdout, stderr } = await run("--fix");
    expect([code, stdout]).toEqual([0, expect.stringContaining("test: 0 errors, 1 warning, 1 note.")]);
    expect(stderr).toMatch(/^mended callgate\.config\.ts:6: .*U\+200B.*\[hidden-letters\]\n$/);
    const mended = readFileSync(join(project.folder, "callgate.config.ts"), "utf8");
    expect(mended).toBe(source.replace("\u200b", ""));
    const again = await run("--fix --deny-warnings");
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Nothing is left that could be mended/) });
  });

  it("[T3] reports lists and findings as JSON", async () => {
    const { code, stdout, stderr } = await run("--json");
    expect([code, stderr]).toEqual([0, "test: 0 errors, 1 warning, 1 note.\n"]);
    const report = JSON.parse(stdout) as { lists: { caller: string; bytes: number; tokens: number }[] };
    expect(report).toMatchObject({ gate: "test", errors: 0, warnings: 1, notes: 1, list_tokens: 16_000, allowed: [] });
    expect(report).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: "verb-first", source: { path: "callgate.config.ts", line: 5 } }),
      ]),
    });
    const [desk] = report.lists;
    expect(desk).toMatchObject({ caller: "role desk", is: "declared", tools: [{ name: "rooms_find" }] });
    expect(desk?.tokens).toBe(Math.ceil((desk?.bytes ?? 0) / 3.4));
  });

  it("reports as SARIF, with what is allowed as suppressed", async () => {
    const allow = `check: { allow: { rooms: { "verb-first": "Known by this name." } } },`;
    project.write("callgate.config.ts", config("rooms_find", allow));
    const { runs } = JSON.parse((await run("--sarif")).stdout) as {
      runs: [{ tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }];
    };
    const [{ tool, results }] = runs;
    expect(tool.driver.rules.map(({ id }) => id)).toContain("list-cost");
    expect(results).toMatchObject([
      { ruleId: "domain-small", level: "note" },
      {
        ruleId: "verb-first",
        level: "warning",
        suppressions: [{ kind: "external", justification: "Known by this name." }],
        locations: [
          { physicalLocation: { artifactLocation: { uri: "callgate.config.ts" }, region: { startLine: 5 } } },
        ],
      },
    ]);
  });

  it("finds nothing to warn of in the project that init makes, whose example plans the same twice", async () => {
    const template = join(import.meta.dirname, "..", "init", "template");
    cpSync(template, project.folder, { recursive: true });
    const { code, stdout } = await run("--plans --deny-warnings --json");
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { errors: 0, warnings: 0, plans: [{ tool: "add_note", outcome: "same" }] },
    ]);
  });
});
