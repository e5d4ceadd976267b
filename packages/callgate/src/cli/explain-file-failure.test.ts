import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DefinitionError } from "../define/definition-error.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { upstream } from "../upstream/upstream.ts";
import { explainFailure } from "./explain-failure.ts";
import { runCli } from "./run-cli.ts";
import { answeringTerminal } from "./testing/answering-terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "callgate-files-"));
const inside = (...names: string[]): string => join(folder, ...names);
writeFileSync(
  inside("file"),
  "no database, and no folder: a text that is long enough to have a header of one\n".repeat(9),
);
mkdirSync(inside("folder"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is thrown in the words of Node, by a user who may do less than that of a test often may. */
function refused(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: permission denied, ${syscall} '${path}'`), { code, syscall, path });
}

const failing = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe("a failure of the file system ends a command with 4, which file it is about, and what to do", () => {
  it.each<[string, unknown, string, string]>([
    [
      "a folder that leads through a file",
      failing(() => mkdirSync(inside("file", "x"), { recursive: true })),
      `${inside("file", "x")} is or leads through a file`,
      "name another folder",
    ],
    [
      "a file where a folder belongs",
      failing(() => mkdirSync(inside("file"), { recursive: true })),
      `${inside("file")} is or leads through a file`,
      "name another folder",
    ],
    ["a folder where a file belongs", failing(() => writeFileSync(inside("folder"), "")), "is a folder", "name a file"],
    ["no folder", failing(() => writeFileSync(inside("no", "x"), "")), `no folder ${inside("no")}.`, "Make it"],
    ["no file", failing(() => readFileSync(inside("no"))), `There is no ${inside("no")}.`, "name right?"],
    [
      "a file that may not be made, and is written beside itself",
      refused("EACCES", "open", inside("callgate.lock.json.8b7d00112233")),
      `This user may not make ${inside("callgate.lock.json")}.`,
      `Let this user write into ${folder}.`,
    ],
    ["a file that may not be used", refused("EACCES", "open", inside("file")), "may not use", "owner or mode"],
    ["a disk for reading", refused("EROFS", "open", inside("x")), "nothing can be written", "Mount it"],
    ["a disk that is full", refused("ENOSPC", "write", inside("x")), "no room left", "Make room"],
  ])("%s", (...[, error, message, next]) => {
    expect(explainFailure(error)).toEqual({
      reason: "cannotStart",
      message: expect.stringContaining(message),
      next: expect.stringContaining(next),
    });
  });

  it("but not where it is about no file", () => {
    expect(explainFailure(refused("ENOENT", "spawn", "no-such-program")).reason).toBe("failed");
    expect(explainFailure(new Error("it's broken in 'x'")).reason).toBe("failed");
  });

  it("a lock file that cannot be read, whose name Node does not say", () => {
    const url = "https://crm.example.com/mcp";
    const error = failing(() => upstream("crm", { url, lockFile: inside("folder") }));
    expect(error).toBeInstanceOf(DefinitionError);
    expect(explainFailure(error).message).toContain(`${inside("folder")} cannot be read (EISDIR).`);
  });

  it.each([
    ["file", "is no database of SQLite"],
    ["folder", "is a folder, and a file belongs there"],
  ])("a store that is none: %s", async (name, words) => {
    const keyRing = { chainKey: Buffer.alloc(32), chainKeyId: "k" } as never;
    const opening = sqlite(inside(name)).open({ keyRing, clock: Date.now });
    const explained = explainFailure(await opening.then(undefined, (error: unknown) => error));
    expect(explained).toMatchObject({
      reason: "cannotStart",
      message: expect.stringContaining(`${inside(name)} ${words}`),
    });
  });
});

describe("a config that is none", () => {
  it.each([
    ["folder", "is a folder", "Name the file in it"],
    ["gate.json", "is no config", "callgate.config.ts"],
    ["gate.yaml", "is no config", "callgate.config.ts"],
  ])("%s", async (name, message, next) => {
    if (name !== "folder") writeFileSync(inside(name), "{}");
    const terminal = answeringTerminal({});
    expect(await runCli(["start", "--config", inside(name)], terminal)).toBe(4);
    expect(terminal.said.join("\n")).toMatch(new RegExp(`${message}[^]*${next}`));
  });
});
