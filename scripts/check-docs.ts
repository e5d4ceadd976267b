import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";

/**
 * Holds the documentation to what exists: every `ts` block that begins with an import is type-checked, and every
 * relative link leads to a file, and to a heading where it names one. Decisions have numbers of their own.
 *
 * A comment `<!-- file: name.ts … -->` gives the examples of its page a file that they may import.
 */
const root = join(import.meta.dirname, "..");
const folder = join(root, "build", "docs");
const pages = globSync(["*.md", "docs/**/*.md", "{packages,examples}/*/README.md", "{bench,conformance}/README.md"], {
  cwd: root,
}).toSorted();

const broken = pages.flatMap(brokenLinks);
const misnumbered = oddDecisions();
const examples = writeExamples();
const types = checkTypes();
for (const problem of [...broken, ...misnumbered]) console.error(problem);
console.log(`${pages.length} pages, ${broken.length} broken links, ${examples} examples type-checked`);
process.exitCode = broken.length + misnumbered.length > 0 || types !== 0 || examples === 0 ? 1 : 0;

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** A page without its code, in which brackets are no links. */
function proseOf(page: string): string {
  return textOf(page)
    .replaceAll(/^```[^]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
}

function brokenLinks(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return links.filter((target) => !/^[a-z]+:/.test(target)).flatMap((target) => linkProblem(page, target));
}

function linkProblem(page: string, target: string): string[] {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : relative(root, resolve(root, dirname(page), path));
  if (!existsSync(join(root, file))) return [`${page}: ${target} leads nowhere`];
  if (anchor === undefined || headingsOf(file).has(anchor)) return [];
  return [`${page}: ${file} has no heading for #${anchor}`];
}

/** The headings of a page as the addresses that readers' tools make of them. */
function headingsOf(page: string): ReadonlySet<string> {
  const titles = [...textOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => title);
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-"),
    ),
  );
}

/** Decisions are known by their numbers: each has one of its own, in its name and before its title. */
function oddDecisions(): string[] {
  const numberOf = (page: string): number => Number.parseInt(basename(page), 10);
  const decisions = pages.filter((page) => page.startsWith("docs/decisions/"));
  return decisions.flatMap((page, at) => {
    const number = numberOf(page);
    const problems: string[] = [];
    if (!textOf(page).startsWith(`# ${number}. `))
      problems.push(`${page}: its title does not begin with "${number}. "`);
    if (decisions.slice(0, at).some((other) => numberOf(other) === number))
      problems.push(`${page}: its number is taken`);
    return problems;
  });
}

/** Writes each page's examples into a folder of their own; gives their number. */
function writeExamples(): number {
  rmSync(folder, { recursive: true, force: true });
  let written = 0;
  for (const page of pages) {
    const place = join(folder, page.replace(/\.md$/, "").replaceAll(/\W+/g, "-"));
    mkdirSync(place, { recursive: true });
    const text = textOf(page);
    for (const [, name = "", code = ""] of text.matchAll(/^<!-- file: ([\w-]+\.ts)\n([^]*?)^-->$/gm))
      writeFileSync(join(place, name), code);
    for (const [, code = ""] of text.matchAll(/^```ts\n([^]*?)^```$/gm)) {
      if (!code.startsWith("import ")) continue;
      written += 1;
      writeFileSync(join(place, `example-${written}.ts`), code);
    }
  }
  const compilerOptions = { noUnusedLocals: false };
  const config = { extends: "../../tsconfig.base.json", compilerOptions, include: ["**/*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  return written;
}

/** Type-checks them with the settings of this repository; what is wrong stays there to be looked at. */
function checkTypes(): number {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: root, stdio: "inherit" });
  if (status === 0) rmSync(folder, { recursive: true });
  return status ?? 1;
}
