import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { commandBehind } from "./command-behind.ts";
import { type Runner, runners } from "./runners.ts";

/**
 * Throws a `DefinitionError` where a command would fetch and run whatever version of a package is the newest at that
 * moment: `npx pkg`, `pkg@latest`, `pkg@^1`, also behind `cmd /c` and `env`. What was reviewed and accepted must be what runs.
 */
export function refuseUnpinned(command: string, args: readonly string[], place: DefinitionPlace = {}): void {
  const behind = commandBehind(command, args);
  for (const runner of runners.get(behind.name) ?? []) {
    const loose = packagesOf(behind.args, runner).find((spec) => !runner.isPinned(spec));
    if (loose === undefined) continue;
    throw new DefinitionError(
      place,
      `${[behind.name, ...runner.verbs].join(" ")} ${loose} runs whatever version is published when it starts.`,
      `Name the exact version that you have looked at: ${loose.replace(/(?<=.)(@|[<>=~!]=?).*$/, "")}${runner.example}`,
    );
  }
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
      if (runner.runs === "package" && named.length === 0) named.push(part.word);
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
