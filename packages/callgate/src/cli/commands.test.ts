import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { type Ran, runCallgate, startCallgate } from "./testing/run-callgate.ts";

let project: Project;
const run = (...args: string[]): Promise<Ran> => runCallgate(args, project);
const json = async (...args: string[]): Promise<never> => {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as never;
};

const BROKEN = `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const pipes = defineDomain("pipes", { owner: "o", purpose: "p", concern: "c" });
  const run = () => { throw new Error("the pipe burst"); };
  pipes.read("break_down", { description: "Breaks down at once.", input: z.object({}), run });
  export default defineGate({ name: "broken", domains: [pipes], callers: {}, store: sqlite("broken/gate.db") });
`;

const ENDLESS = `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const pipes = defineDomain("pipes", { owner: "o", purpose: "p", concern: "c", backend: { start: () => ({}) } });
  pipes.write("lay_pipe", {
    description: "Lays a pipe without end.",
    input: z.object({}),
    plan: () => ({ preview: { pipe: 1 } }),
    commit: (_plan, ctx) => {
      ctx.progress(1, 2, "half way");
      return new Promise(() => {});
    },
  });
  export default defineGate({ name: "endless", domains: [pipes], callers: {}, graduation: "off", store: sqlite("endless/gate.db") });
`;

beforeAll(async () => {
  project = emptyFolder();
  await run("init");
  installInto(project.folder);
  await run("smoke", "notes", "--graduate");
});
afterAll(() => project.remove());

describe("calls", () => {
  it("read arguments by the tool's schema, from words, JSON and a file", async () => {
    const text = `${Date.now()}`;
    await run("call", "add_note", `text=${text}`, "--yes");
    project.write("input.json", JSON.stringify({ text: "overruled", limit: 1 }));
    const found = { notes: [expect.objectContaining({ text })] };
    expect(await json("call", "list_notes", `text=${text}`, "limit=1")).toEqual(found);
    expect(await json("call", "list_notes", "--input", "input.json", `text=${text}`)).toEqual(found);
    const { stdout } = await run("call", "list_notes", "--json", JSON.stringify({ text, limit: 1 }));
    expect(JSON.parse(stdout)).toEqual(found);
  });

  it("point to the log, which says what broke, where the gate runs within the command", async () => {
    const config = "broken.config.ts";
    project.write(config, BROKEN);
    const call = ["call", "break_down", "--config", config];
    const short = await run(...call);
    expect(short).toMatchObject({ code: 1, stderr: expect.stringMatching(/^system_error: .*\nRun it with --debug/) });
    expect(short.stderr).not.toContain("the pipe burst");
    expect((await run(...call, "--debug")).stderr).toContain("the pipe burst");
  });

  it("that write say, when they are interrupted, where it stands what became of them", async () => {
    const config = "endless.config.ts";
    project.write(config, ENDLESS);
    const calling = startCallgate(["call", "lay_pipe", "--yes", "--config", config], project);
    await calling.until(/half way/);
    calling.kill("SIGINT");
    expect((await calling.ended).stderr).toContain(
      "lay_pipe may have taken place. See what became of it: callgate writes",
    );
    expect((await run("writes", "list", "--config", config)).stdout).toContain("lay_pipe");
  });

  it("take arguments on stdin", async () => {
    const calling = startCallgate(["call", "list_notes", "--input", "-"], project);
    calling.stdin?.end('{"limit": 0}');
    expect(await calling.ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("limit") });
  });

  it("show what a write would do, and do nothing without a word", async () => {
    const dry = await json("call", "add_note", "text=only looked at", "--dry-run");
    expect(dry).toMatchObject({ dry_run: true, preview: { text: "only looked at" } });
    const asked = await run("call", "add_note", "text=only looked at");
    expect(asked).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--yes") });
    expect(await json("call", "list_notes", "text=only looked at")).toEqual({ notes: [] });
  });

  it("do a write once for one key, and say that the second answer is a replay", async () => {
    const write = ["call", "add_note", "text=once", "--yes", "--idempotency-key", "once-1"];
    const [first, second] = [await run(...write), await run(...write)];
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain("nothing was done again");
    expect(await json("audit", "search", "--tool", "add_note", "--outcome", "replayed")).toMatchObject({
      records: [{ tool: "add_note", outcome: "replayed" }],
    });
  });

  it.each([
    [["cal"], "Did you mean call?"],
    [["call", "list_note"], "Did you mean list_notes?"],
    [["call", "list_notes", "limt=1"], "Did you mean limit?"],
    [["call", "list_notes", "limit=many"], "limit must be integer"],
    [["call", "list_notes", "--json", "[1]"], "--json must be a JSON object."],
    [["call", "add_note", "text=a"], "Give --yes to do it without a question, or --dry-run"],
    [["keys", "revoke", "key_1"], "Give --yes to do it without a question."],
    [["tools", "--jsn"], "Did you mean --json?"],
    [["audit", "search", "--from", "yesterday"], "It must be a time, e.g. 2026-11-01T09:00:00Z."],
    [["audit", "export", "--until", "noon"], "It must be a time"],
    [["audit", "search", "--outcome", "fine"], "Allowed choices are ok, error, refused"],
    [["audit", "search", "--limit", "abc"], "It must be a whole number."],
    [["writes", "list", "--limit", "1.5"], "It must be a whole number."],
    [["writes", "resolve", "write_1", "--note", "seen"], "--happened or --did-not-happen"],
  ])("answer %j with exit code 2 and a cure", async (args, cure) => {
    expect(await run(...args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(cure) });
  });
});

describe("what lists and results cost", { timeout: 60_000 }, () => {
  it("[T3] is shown in tokens: of each tool and the whole list, and of each answer where it is given and on record", async () => {
    const listed = await run("tools");
    const [, ...lines] = listed.stdout.trim().split("\n");
    const tokens = lines.map((line) => Number(/\b(?:read|write|destructive) +(\d+)/.exec(line)?.[1]));
    expect(Math.min(...tokens)).toBeGreaterThan(20);
    const sum = tokens.reduce((all, each) => all + each, 0);
    expect(listed.stderr).toContain(`${tokens.length} tools, about ${sum} tokens`);

    const said = async (): Promise<number> =>
      Number(/About (\d+) tokens/.exec((await run("call", "list_notes", "text=costly")).stderr)?.[1]);
    const nothing = await said();
    const note = "a costly note ".repeat(20).trim();
    await run("call", "add_note", `text=${note}`, "--yes");
    const something = await said();
    expect(nothing).toBeGreaterThan(2);
    expect(something - nothing).toBeGreaterThan(note.length / 5);
    const { records } = (await json("audit", "search", "--tool", "list_notes", "--limit", "2")) as {
      records: { call_id: string; result_tokens: number }[];
    };
    expect(records.map(({ result_tokens }) => result_tokens)).toEqual([something, nothing]);
    expect(await json("audit", "show", records[0]?.call_id ?? "")).toMatchObject({ result_tokens: something });
    const table = await run("audit", "search", "--tool", "list_notes", "--limit", "2");
    expect(table.stdout).toMatch(new RegExp(`TOKENS[^]*list_notes .* ${something} *\n.* ${nothing} *$`, "m"));
  });
});

describe("looking after a gate", () => {
  it("[C4] issues, lists, replaces and revokes keys, which open what they were made for", async () => {
    const secret = (await run("keys", "create", "--name", "anna", "--role", "reader")).stdout.trim();
    const seen = await json("tools", "--as", secret);
    expect(seen).toMatchObject([{ name: "list_notes", domain: "notes", effect: "read", tokens: expect.any(Number) }]);
    const [key] = (await json("keys", "list", "--user", "anna")) as { id: string }[];
    expect(key).toMatchObject({ kind: "person", role: "reader", state: "live" });
    expect(JSON.stringify(key)).not.toContain(secret);
    const { secret: next } = (await json("keys", "rotate", key?.id ?? "", "--overlap", "1")) as { secret: string };
    expect(await json("tools", "--as", next)).toEqual(seen);
    expect(await json("keys", "revoke", key?.id ?? "", "--yes")).toMatchObject({ state: "revoked" });
    expect(await run("tools", "--as", secret)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("wants a key"),
    });
    expect(await run("tools", "--as", next)).toMatchObject({ code: 0 });
  });

  it("never records a key's secret (SECURITY 30)", async () => {
    const { secret } = (await json("keys", "create", "--name", "berta", "--role", "team")) as { secret: string };
    const { records } = (await json("audit", "search", "--tool", "create_key", "--limit", "1")) as {
      records: { call_id: string }[];
    };
    const shown = await run("audit", "show", records[0]?.call_id ?? "");
    expect(shown.stdout).toContain("berta");
    expect(shown.stdout).not.toContain(secret);
  });

  it("refuses a role that is not there, and names those that are", async () => {
    const { code, stderr } = await run("keys", "create", "--name", "carl", "--role", "tem");
    expect([code, stderr]).toEqual([1, expect.stringContaining("Roles: team, reader.")]);
  });

  it("shows what callers wrote without letting it steer the terminal", async () => {
    const steering = "\u001b]52;c;Zm9v\u0007 \u009b2J \u202e forged\rline";
    expect(await run("call", "add_note", `text=${steering}`, "--reason", steering, "--yes")).toMatchObject({ code: 0 });
    await run("keys", "create", "--name", `eve\nforged ${steering}`, "--role", "reader");
    const { records } = (await json("audit", "search", "--tool", "add_note", "--limit", "1")) as {
      records: { call_id: string; reason: string }[];
    };
    expect(records[0]?.reason).toBe(steering);
    const searched = await run("audit", "search", "--tool", "add_note", "--limit", "1");
    expect(searched.stdout).toContain("\\u001b]52;c;Zm9v\\u0007");
    const listed = await run("keys", "list", "--user", `eve\nforged ${steering}`);
    expect(listed.stdout.trim().split("\n")).toHaveLength(2);
    const id = records[0]?.call_id ?? "";
    const shown = [
      searched,
      listed,
      await run("audit", "show", id),
      await run("audit", "export"),
      await run("call", id),
    ];
    for (const { stdout, stderr } of shown) expect(stdout + stderr).not.toMatch(/(?![\t\n])\p{Cc}|\u202e/u);
  });

  it("lists writes and proves the record", async () => {
    await run("call", "add_note", "text=listed", "--yes");
    const { writes } = (await json("writes", "list", "--tool", "add_note", "--limit", "1")) as { writes: unknown[] };
    expect(writes).toMatchObject([{ tool: "add_note", state: "done", attempt: 1 }]);
    expect(await json("audit", "verify")).toMatchObject({ intact: true, faults: [] });
    expect((await run("audit", "verify")).stderr).toMatch(/ rows in 1 segment: as they were written\.$/m);
  });

  it("lets an operator's key run the gate over HTTP, and no other", async () => {
    const operator = (await run("keys", "create", "--kind", "operator", "--name", "ops")).stdout.trim();
    const reader = (await run("keys", "create", "--name", "dora", "--role", "reader")).stdout.trim();
    const gate = startCallgate(["start", "--port", "0", "--json"], project);
    const url = /"url":"([^"]+)"/.exec(await gate.until(/"url"/))?.[1] ?? "";
    const elsewhere = emptyFolder();
    const over = (key: string, ...args: string[]): Promise<Ran> =>
      runCallgate([...args, "--url", url], { ...elsewhere, environment: { CALLGATE_KEY: key } });
    expect(await over(operator, "keys", "list")).toMatchObject({ code: 0, stdout: expect.stringContaining("dora") });
    expect(await over(reader, "keys", "list")).toMatchObject({ code: 3, stdout: "" });
    const refused = (words: string): object => ({ code: 3, stdout: "", stderr: expect.stringContaining(words) });
    expect(await over("cg_p_wrong", "tools")).toMatchObject(refused("the one given is wrong, expired or revoked"));
    expect(await runCallgate(["tools", "--url", url], elsewhere)).toMatchObject(refused("none is given"));
    gate.kill("SIGTERM");
    await gate.ended;
    expect(await over(reader, "tools")).toMatchObject({ code: 5, stderr: expect.stringContaining("does not answer") });
    expect(await runCallgate(["tools"], elsewhere)).toMatchObject({ code: 5, stderr: expect.stringContaining("init") });
    elsewhere.remove();
  });
});
