import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { commandsBehind, type NamedCommand } from "./command-behind.ts";
import { type Runner, runners } from "./runners.ts";

/** What a shell puts in by itself, of what it was given as words. */
const GIVEN = /^\$\{?[@*\d]\}?$/;
const ADDRESS = /^(?:https?|ftp):\/\//i;

/**
 * Throws a `DefinitionError` where a command would fetch and run whatever version of a package is the newest at that
 * moment: `npx pkg`, `pkg@latest`, `pkg@^1`, also behind a shell, `cmd /c`, `env` and the like; and where a shell's line does not
 * say what it runs. What was reviewed and accepted must be what runs.
 */
export function refuseUnpinned(command: string, args: readonly string[], place: DefinitionPlace = {}): void {
  for (const behind of commandsBehind(command, args)) {
    if (behind.name.startsWith("$") && !GIVEN.test(behind.name))
      throw new DefinitionError(
        place,
        `its shell runs ${behind.name}: whether that is a fixed version of anything cannot be judged.`,
        "Name the program itself, or put the line into a script of your own.",
      );
    for (const runner of runners.get(behind.name) ?? []) refuseLoose(behind, runner, place);
  }
}

function refuseLoose({ name, args }: NamedCommand, runner: Runner, place: DefinitionPlace): void {
  const loose = packagesOf(args, runner).find((spec) => !runner.isPinned(spec));
  if (loose === undefined) return;
  const fixed = `${loose.replace(/(?<=.)(@|[<>=~!]=?).*$/, "")}${runner.example}`;
  throw new DefinitionError(
    place,
    `${[name, ...runner.verbs].join(" ")} ${loose} runs whatever ${ADDRESS.test(loose) ? "is there" : "version is published"} when it starts.`,
    ADDRESS.test(loose)
      ? "Download it, look at it, and run the file that you have."
      : `Name the exact version that you have looked at: ${fixed}`,
  );
}

/** The packages that are fetched; none where the runner's verbs are not there, or where what is installed is run. */
function packagesOf(args: readonly string[], runner: Runner): readonly string[] {
  const named: string[] = [];
  const beside: string[] = [];
  const verbs = [...runner.verbs];
  for (const part of partsOf(args, runner)) {
    if ("option" in part) {
      if (runner.installed.includes(part.option)) return [];
      if (runner.packages.includes(part.option)) named.push(part.value);
      if (runner.beside.includes(part.option)) beside.push(...part.value.split(","));
    } else if (verbs.length === 0) {
      if (ADDRESS.test(part.word) || (runner.runs === "package" && named.length === 0)) named.push(part.word);
      break;
    } else if (part.word === verbs[0]) verbs.shift();
    else if (!part.mayBeValue) return [];
  }
  return verbs.length === 0 ? [...named, ...beside] : [];
}

type Part =
  | { readonly option: string; readonly value: string }
  /** After an option that is in no table, a word may be the value of it. */
  | { readonly word: string; readonly mayBeValue: boolean };

/** A command line as options with their values, and words. */
function* partsOf(args: readonly string[], { packages, beside, valued }: Runner): Generator<Part> {
  const haveValue = new Set([...packages, ...beside, ...valued]);
  let mayBeValue = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--") {
      for (const own of args.slice(at + 1)) yield { word: own, mayBeValue: false };
      return;
    }
    if (!word.startsWith("-")) {
      yield { word, mayBeValue };
      mayBeValue = false;
      continue;
    }
    const [option = "", ...inOne] = word.startsWith("--") ? word.split("=") : [word];
    const isInOne = inOne.length > 0;
    const value = isInOne ? inOne.join("=") : haveValue.has(option) ? (args[++at] ?? "") : "";
    yield { option, value };
    mayBeValue = !isInOne && !haveValue.has(option);
  }
}
