import { globSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The words a test is known by, and the file it stands in. */
export interface TestTitle {
  readonly title: string;
  readonly file: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = "{packages/*/src,examples/*/src,conformance,bench,scripts}";
const notOurs = /(^|\/)(node_modules|build|template)(\/|$)/;

/** The titles of all tests and groups of tests in the project, as they are written. */
export function collectTestTitles(): readonly TestTitle[] {
  const files = globSync(`${folders}/**/*.test.ts`, { cwd: root })
    .map((file) => relative(root, root + file).replaceAll(sep, "/"))
    .filter((file) => !notOurs.test(file));
  return files.flatMap((file) => titlesIn(readFileSync(root + file, "utf8")).map((title) => ({ title, file })));
}

/** What tests and groups of tests in a source are called. Those that are skipped or still to be written do not count. */
export function titlesIn(source: string): readonly string[] {
  const titles: string[] = [];
  for (const call of source.matchAll(/(?<![\w.])(?:describe|it|test)((?:\.\w+)*)(?=\()/g)) {
    if (/\.(skip|todo|fails|runIf|skipIf)\b/.test(call[1] ?? "")) continue;
    const title = titleAt(source, call.index + call[0].length);
    if (title !== undefined) titles.push(title);
  }
  return titles;
}

/** The text that opens the arguments which begin here, or those after them where these are the rows of `each`. */
function titleAt(source: string, opening: number): string | undefined {
  const literal = /^\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/.exec(source.slice(opening));
  if (literal !== null) return literal[1] ?? literal[2];
  const closing = closingOf(source, opening);
  return closing !== undefined && source[closing + 1] === "(" ? titleAt(source, closing + 1) : undefined;
}

/** Where the parenthesis that opens here is closed; those in texts do not count. */
function closingOf(source: string, opening: number): number | undefined {
  let depth = 0;
  const marks = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/.*|[()]/g;
  marks.lastIndex = opening;
  for (let mark = marks.exec(source); mark !== null; mark = marks.exec(source)) {
    if (mark[0] === "(") depth += 1;
    if (mark[0] === ")") depth -= 1;
    if (depth === 0) return mark.index;
  }
  return undefined;
}
