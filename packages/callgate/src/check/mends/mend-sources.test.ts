import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding, Mend } from "../finding.ts";
import { mendSources } from "./mend-sources.ts";
import { withoutUnseen } from "./without-unseen.ts";

const ZERO_WIDTH = "\u200b";
const NO_BREAK = "\u00a0";
const TURNED = "\u202e";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "callgate-mends-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const write = (path: string, text: string | Buffer): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};
const findingOf = (...mends: readonly Mend[]): Finding => ({
  rule: "hidden-letters",
  severity: "error",
  at: { tool: "find_books" },
  message: "m",
  cure: "c",
  mends,
});
const mend = (...findings: readonly Finding[]) => mendSources(findings, { root, from: join(root, "..") });

describe("[T6] hidden letters in sources", () => {
  it("go where the text stands, run by run, with a space for what looked like one; the rest stays as it is", () => {
    const text = `Find${ZERO_WIDTH}${ZERO_WIDTH} the very "books"${NO_BREAK}of a far city.\nUse it${TURNED} first.`;
    const written = String.raw`description: "Find${ZERO_WIDTH}${ZERO_WIDTH} the very \"books\"${NO_BREAK}of a far city.\nUse it${TURNED} first.",`;
    write("tools/books.ts", `\n// ${ZERO_WIDTH}\n${written}\r\n`);
    const mended = mend(findingOf(...withoutUnseen(text)));
    expect(read("tools/books.ts")).toBe(
      String.raw`
// ${ZERO_WIDTH}
description: "Find the very \"books\" of a far city.\nUse it first.",` + "\r\n",
    );
    expect(mended).toMatchObject([{ source: { line: 3 }, finding: { at: { tool: "find_books" } } }]);
    expect(mended[0]?.source.path).toMatch(/\/tools\/books\.ts$/);
  });

  it("stay where it is not told which of two places is meant, where one of several has none, and where they are written as escapes", () => {
    const twice = `"Find${ZERO_WIDTH} books in a city."`;
    const escaped = String.raw`"Find\u200b rooms in a city."`;
    const half = `"Find${ZERO_WIDTH} halls in a city." + more`;
    write("a.ts", twice);
    write("b.ts", twice);
    write("c.ts", escaped);
    write("d.ts", half);
    const texts = [
      `Find${ZERO_WIDTH} books in a city.`,
      `Find${ZERO_WIDTH} rooms in a city.`,
      `Find${ZERO_WIDTH} halls in a city.\nAnd${ZERO_WIDTH} more of them there.`,
    ];
    expect(mend(...texts.map((text) => findingOf(...withoutUnseen(text))))).toEqual([]);
    expect(["a.ts", "b.ts", "c.ts", "d.ts"].map(read)).toEqual([twice, twice, escaped, half]);
  });

  it.each([
    ["a family of emoji", "Find rooms for \u{1f468}\u200d\u{1f469}\u200d\u{1f467} in a city."],
    ["a word of Persian", "Find what people want: \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 in a city."],
    ["a flag", "Find rooms in \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} or nearby."],
    ["letters of a company's own", "Find rooms of \ue000 in a city."],
    ["next to nothing", `"${ZERO_WIDTH}a room"`],
  ])("stay in %s, which may be meant so", (_what, text) => {
    expect(withoutUnseen(text)).toEqual([]);
  });

  it("leave a space where something stood that looked like one", () => {
    const spaces = ["\u00a0", "\u2028", "\u2800", "\u3164", "\uffa0", "\u0085"];
    for (const letter of spaces) expect(withoutUnseen(`Find rooms${letter}in a city.`)).toMatchObject([{ put: " " }]);
  });

  it("go once where tools share a text, with the lines in which they stood", () => {
    const text = (name: string): string => `Find ${name} in a${ZERO_WIDTH} city, before anything.`;
    write("a.ts", `one("${text("rooms")}");\n\ntwo("${text("halls")}");\n`);
    const shared = findingOf(...withoutUnseen(text("rooms")));
    const mended = mend(shared, { ...shared, at: { tool: "other" } }, findingOf(...withoutUnseen(text("halls"))));
    expect(mended.map(({ source }) => source.line)).toEqual([1, 1, 3]);
    expect(read("a.ts")).toBe(`one("${text("rooms")}");\n\ntwo("${text("halls")}");\n`.replaceAll(ZERO_WIDTH, ""));
  });

  it("are not looked for in what is not UTF-8, in tests, in what is built, or behind links; files without them are not written", () => {
    const text = `Find${ZERO_WIDTH} books in a city.`;
    const latin = Buffer.concat([Buffer.from(text), Buffer.from([0xe9])]);
    write("latin.ts", latin);
    write("books.test.ts", text);
    write("dist/books.js", text);
    mkdirSync(join(root, "folder.js"));
    symlinkSync(join(root, "nowhere"), join(root, "broken.ts"));
    symlinkSync(join(root, "books.test.ts"), join(root, "link.ts"));
    expect(mend(findingOf(...withoutUnseen(text)))).toEqual([]);
    expect(readFileSync(join(root, "latin.ts")).equals(latin)).toBe(true);
    write("other.ts", "export {};\n");
    const before = statSync(join(root, "other.ts")).mtimeMs;
    write("books.ts", text);
    expect(mend(findingOf(...withoutUnseen(text)))).toHaveLength(1);
    expect(statSync(join(root, "other.ts")).mtimeMs).toBe(before);
  });
});
