import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { useLampGates } from "../../operations/testing/lamp-gate.ts";
import { team } from "../../operations/testing/operated-gate.ts";
import { runCli } from "../run-cli.ts";
import { answeringTerminal } from "../testing/answering-terminal.ts";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate, startCallgate } from "../testing/run-callgate.ts";

describe("a gate of one's own", { timeout: 60_000 }, () => {
  let project: Project;
  const run = (...args: string[]): Promise<Ran> => runCallgate(args, project);
  beforeEach(async () => {
    project = emptyFolder();
    await run("init");
    installInto(project.folder);
  });
  afterEach(() => project.remove());

  it("[W5] says loudly what is off and why, to those who run it alone, and serves it once it is switched on", async () => {
    const key = (await run("keys", "create", "--name", "me", "--role", "team")).stdout.trim();
    const gate = startCallgate(["start", "--port", "0"], project);
    const started = await gate.until(/To switch on:\n {2}npx callgate smoke notes/);
    expect(started).toContain(
      "1 write tool is OFF: nobody sees it.\n  add_note: the smoke test of notes has not been run",
    );
    const url = /(http:\S+)\/mcp/.exec(started)?.[1] ?? "";
    expect(await run("tools")).toMatchObject({ code: 0, stderr: expect.stringContaining("npx callgate smoke notes") });
    const refused = await run("call", "add_note", "text=hello", "--yes");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/add_note is off, so nobody sees it: the smoke test of notes.*\n.*callgate smoke notes/),
    ]);
    const seen = await run("tools", "--url", url, "--key", key);
    expect([seen.stderr, seen.stdout]).toEqual([
      expect.not.stringMatching(/OFF|smoke/),
      expect.not.stringContaining("add_note"),
    ]);

    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    const requestInit = { headers: { authorization: `Bearer ${key}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
    const changed = new Promise<void>((resolve) =>
      client.setNotificationHandler("notifications/tools/list_changed", () => resolve()),
    );
    await client.listen({ toolsListChanged: true });
    const smoked = await run("smoke", "notes", "--graduate");
    expect([smoked.code, smoked.stdout]).toEqual([
      0,
      expect.stringMatching(/passed .*the read credential cannot write/),
    ]);
    await changed;
    const added = await client.callTool({ name: "add_note", arguments: { text: "by another process" } });
    expect(added.structuredContent).toMatchObject({ text: "by another process" });
    await client.close();

    expect((await run("withdraw", "add_note", "--yes")).stderr).toContain("add_note is off.");
    expect((await run("tools")).stderr).toMatch(
      /add_note: person:\S+ switched it off on .*\nTo switch on:\n {2}npx callgate graduate add_note/,
    );
    expect(await run("graduate", "add_note", "--yes", "--json")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"on":true'),
    });
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  });

  it("[W5] ends with 1 where a smoke test fails, and says which check found what", async () => {
    project.write("domains/notes-book.ts", WRITABLE);
    const failed = await run("smoke", "notes");
    expect(failed).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/failed .*the read credential cannot write .*the write went through/),
      stderr: expect.stringContaining("notes FAILED. Its write tools are off until it passes."),
    });
    const asJson = await run("smoke", "notes", "--json", "--graduate");
    expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([
      1,
      expect.objectContaining({ passed: false, switched_on: [] }),
    ]);
    expect((await run("call", "add_note", "text=x", "--yes")).code).toBe(2);
  });
});

/** A book that does not care what it was opened for. */
const WRITABLE = `
  export interface NotesBook { list(): never[]; add(): never; remove(): void; byKey(): undefined; close(): void }
  export const openNotesBook = (): NotesBook =>
    ({ list: () => [], add: () => { throw new Error() }, remove: () => {}, byKey: () => undefined, close: () => {} });
`;

describe("in a terminal", () => {
  const open = useLampGates();

  it("[W5] it shows each check as it ends, and offers what is off, tool by tool", async () => {
    const gate = await open();
    const key = await gate.keyFor({ kind: "operator", name: "rita" });
    const terminal = answeringTerminal({ yes: /switch_lamp/ });
    expect(await runCli(["smoke", "lamps", "--url", gate.url, "--key", key], terminal)).toBe(0);
    expect(terminal.said).toEqual([
      "1 of 3: passed: the backend answers",
      "2 of 3: passed: count_lamps {}",
      "3 of 3: passed: the read credential cannot write",
      expect.stringContaining("refused: attempt to write a readonly database"),
      "lamps passed. That is kept, with its date and contracts.",
      expect.stringMatching(
        /^switch_lamp \(write\): Switches a lamp on\.\n {2}takes number, .*; contract [0-9a-f]{12}$/,
      ),
      "Switch switch_lamp on?",
      "switch_lamp is on.",
      expect.stringMatching(/^remove_lamp \(destructive\)/),
      "Switch remove_lamp on?",
    ]);
    const { domains } = await gate.operate("list_domains");
    expect(domains).toMatchObject([{ write_tools: [{ on: true, by: "operator:rita" }, { on: false }] }]);
  });

  it("[W5] it offers nothing to an agent, and refuses to switch on for one that asks for it", async () => {
    const gate = await open();
    const key = await gate.keyFor({ ...team, kind: "agent", name: "helper", user: "tom", scopes: ["domains:*"] });
    const terminal = answeringTerminal({ yes: /./ });
    const args = ["smoke", "lamps", "--url", gate.url, "--key", key];
    expect(await runCli(args, terminal)).toBe(0);
    expect(terminal.said.at(-1)).toContain("2 write tools are OFF");
    expect(await runCli([...args, "--graduate"], terminal)).toBe(3);
    expect(terminal.said.join("\n")).not.toContain("is on.");
  });
});
