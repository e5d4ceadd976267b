import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding, Mend } from "../finding.ts";
import { mendSources } from "./mend-sources.ts";
import { withoutAllowed } from "./without-allowed.ts";
import { withoutUnseen } from "./without-unseen.ts";

const ZERO_WIDTH = "\u200b";
const NO_BREAK = "\u00a0";
const TURNED = "\u202e";
const REASON = "It is what our people (and robots) call it.";

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
    const text = `Find${ZERO_WIDTH}${ZERO_WIDTH} "books"${NO_BREAK}of a city.\nUse it${TURNED} first.`;
    const written = String.raw`description: "Find${ZERO_WIDTH}${ZERO_WIDTH} \"books\"${NO_BREAK}of a city.\nUse it${TURNED} first.",`;
    write("tools/books.ts", `\n// ${ZERO_WIDTH}\n${written}\r\n`);
    const mended = mend(findingOf(...withoutUnseen(text)));
    expect(read("tools/books.ts")).toBe(
      String.raw`
// ${ZERO_WIDTH}
description: "Find \"books\" of a city.\nUse it first.",` + "\r\n",
    );
    expect(mended).toMatchObject([{ source: { line: 3 }, finding: { at: { tool: "find_books" } } }]);
    expect(mended[0]?.source.path).toMatch(/\/tools\/books\.ts$/);
  });

  it("stay where it is not told which of two places is meant, where one of several has none, and where they are written as escapes", () => {
    const twice = `"Find${ZERO_WIDTH} books."`;
    const escaped = String.raw`"Find\u200b rooms."`;
    const half = `"Find${ZERO_WIDTH} halls." + more`;
    write("a.ts", twice);
    write("b.ts", twice);
    write("c.ts", escaped);
    write("d.ts", half);
    const texts = [
      `Find${ZERO_WIDTH} books.`,
      `Find${ZERO_WIDTH} rooms.`,
      `Find${ZERO_WIDTH} halls.\nAnd${ZERO_WIDTH} more.`,
    ];
    expect(mend(...texts.map((text) => findingOf(...withoutUnseen(text))))).toEqual([]);
    expect(["a.ts", "b.ts", "c.ts", "d.ts"].map(read)).toEqual([twice, twice, escaped, half]);
  });

  it("are not looked for in what is not UTF-8, in tests, or in what is built; files without them are not written", () => {
    const text = `"Find${ZERO_WIDTH} books."`;
    const latin = Buffer.concat([Buffer.from(text), Buffer.from([0xe9])]);
    write("latin.ts", latin);
    write("books.test.ts", text);
    write("dist/books.js", text);
    expect(mend(findingOf(...withoutUnseen(`Find${ZERO_WIDTH} books.`)))).toEqual([]);
    expect(readFileSync(join(root, "latin.ts")).equals(latin)).toBe(true);
    write("other.ts", "export {};\n");
    const before = statSync(join(root, "other.ts")).mtimeMs;
    write("books.ts", text);
    expect(mend(findingOf(...withoutUnseen(`Find${ZERO_WIDTH} books.`)))).toHaveLength(1);
    expect(statSync(join(root, "other.ts")).mtimeMs).toBe(before);
  });
});

describe("[T6] what is allowed for nothing", () => {
  const both = { "verb-first": REASON, overlap: "The server is not ours." };

  it("goes with its lines, and the last one with the name that it was allowed for", () => {
    const source = `export default {
  allow: {
    books_find: {
      "verb-first": "${REASON}",
      overlap: 'The server is not ours.',
    },
    books: { "verb-first": "${REASON} " },
  },
};
`;
    write("callgate.config.ts", source);
    mend(findingOf(withoutAllowed("books_find", both, "verb-first")));
    expect(read("callgate.config.ts")).toBe(source.replace(`      "verb-first": "${REASON}",\n`, ""));
    const { overlap } = both;
    mend(findingOf(withoutAllowed("books_find", { overlap }, "overlap")));
    mend(findingOf(withoutAllowed("books", { "verb-first": `${REASON} ` }, "verb-first")));
    expect(read("callgate.config.ts")).toBe("export default {\n  allow: {\n  },\n};\n");
  });

  it("goes from the midst of a line, and stays where its reason is put together", () => {
    write(
      "callgate.config.ts",
      `allow: { books_find: { "verb-first": "${REASON}", overlap: "The server is " + not } }`,
    );
    mend(...Object.keys(both).map((rule) => findingOf(withoutAllowed("books_find", both, rule))));
    expect(read("callgate.config.ts")).toBe('allow: { books_find: { overlap: "The server is " + not } }');
  });
});
