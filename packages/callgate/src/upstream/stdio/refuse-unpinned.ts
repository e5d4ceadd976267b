import { basename } from "node:path";
import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { isPinnedOnNpm, isPinnedOnPyPi } from "./pinned-spec.ts";

/** How a command names the packages that it fetches and runs. */
interface Runner {
  /** What must stand before the package, e.g. `exec`; left out: nothing. */
  readonly verbs?: readonly string[];
  /** Options that name a package; with one of them the first word is no package but a program of it. */
  readonly packages: readonly string[];
  /** Options that name a package beside the one that is run. */
  readonly beside?: readonly string[];
  /** Other options that have a value of their own. */
  readonly valued: readonly string[];
  /** Options with which nothing is fetched: what runs is what is installed. */
  readonly installed?: readonly string[];
  readonly isPinned: (spec: string) => boolean;
  readonly example: string;
}

const npmValued = [
  "-w",
  "--workspace",
  "--registry",
  "--prefix",
  "-C",
  "--cache",
  "--userconfig",
  "--loglevel",
  "--dir",
];
const npm = { packages: ["-p", "--package"], valued: npmValued, isPinned: isPinnedOnNpm, example: "@1.2.3" } as const;
const npx: Runner = { ...npm, installed: ["--no", "--no-install"] };
const uvValued =
  "-p --python -i --index --index-url --default-index --extra-index-url -f --find-links --directory --project --cache-dir --env-file --with-requirements --with-editable -c --constraints --overrides --color --config-file --resolution --prerelease --exclude-newer --link-mode".split(
    " ",
  );
const uv: Runner = {
  packages: ["--from"],
  beside: ["-w", "--with"],
  valued: uvValued,
  installed: ["--offline"],
  isPinned: isPinnedOnPyPi,
  example: "==1.2.3",
};

const runners: ReadonlyMap<string, readonly Runner[]> = new Map([
  ["npx", [npx]],
  [
    "npm",
    [
      { ...npx, verbs: ["exec"] },
      { ...npx, verbs: ["x"] },
    ],
  ],
  ["pnpm", [{ ...npm, verbs: ["dlx"] }]],
  ["pnpx", [npm]],
  ["yarn", [{ ...npm, verbs: ["dlx"] }]],
  ["bunx", [npm]],
  ["bun", [{ ...npm, verbs: ["x"] }]],
  ["uvx", [uv]],
  ["uv", [{ ...uv, verbs: ["tool", "run"] }]],
  ["pipx", [{ ...uv, verbs: ["run"], packages: ["--spec"], valued: ["--python", "--index-url", "-i", "--pip-args"] }]],
]);

/**
 * Throws a `DefinitionError` where a command would fetch and run whatever version of a package is the newest at that
 * moment: `npx pkg`, `pkg@latest`, `pkg@^1`. What was reviewed and accepted must be what runs.
 */
export function refuseUnpinned(command: string, args: readonly string[], place: DefinitionPlace = {}): void {
  const name = basename(command.replaceAll("\\", "/"))
    .replace(/\.(cmd|exe|ps1|bat)$/i, "")
    .toLowerCase();
  for (const runner of runners.get(name) ?? []) {
    const rest = afterVerbs(args, runner.verbs ?? []);
    if (rest === undefined) continue;
    const loose = packagesOf(rest, runner).find((spec) => !runner.isPinned(spec));
    if (loose === undefined) continue;
    throw new DefinitionError(
      place,
      `${[name, ...(runner.verbs ?? [])].join(" ")} ${loose} runs whatever version is published when it starts.`,
      `Name the exact version that you have looked at: ${loose.replace(/(?<=.)(@|[<>=~!]=?).*$/, "")}${runner.example}`,
    );
  }
}

/** What follows the verbs, options before and between them left out; undefined where they are not there. */
function afterVerbs(args: readonly string[], verbs: readonly string[]): readonly string[] | undefined {
  let at = 0;
  for (const verb of verbs) {
    while (args[at]?.startsWith("-") === true) at += 1;
    if (args[at] !== verb) return undefined;
    at += 1;
  }
  return args.slice(at);
}

function packagesOf(args: readonly string[], runner: Runner): readonly string[] {
  const named: string[] = [];
  const beside: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (runner.installed?.includes(word) === true) return [];
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const option = equals === -1 ? word : word.slice(0, equals);
    const value = (): string => (equals === -1 ? (args[++at] ?? "") : word.slice(equals + 1));
    if (runner.packages.includes(option)) named.push(value());
    else if (runner.beside?.includes(option) === true) beside.push(...value().split(","));
    else if (runner.valued.includes(option)) value();
    else if (word === "--" || !word.startsWith("-")) {
      const program = word === "--" ? args[at + 1] : word;
      if (named.length === 0 && program !== undefined) named.push(program);
      break;
    }
  }
  return [...named, ...beside];
}
