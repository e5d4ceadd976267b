import { basename } from "node:path";

/** A command without its folder and ending, in lower-case letters. */
export interface NamedCommand {
  readonly name: string;
  readonly args: readonly string[];
}

type CommandLine = readonly string[];

/** By the name of a command that only runs another one, what that one is; empty where there is none. */
const wrappers: ReadonlyMap<string, (args: CommandLine) => CommandLine> = new Map([
  ["cmd", afterCmd],
  ["env", afterEnv],
]);

/** What is run in the end: `cmd /c` and `env` are seen through, also one behind the other. */
export function commandBehind(command: string, args: readonly string[]): NamedCommand {
  const name = basename(command.replaceAll("\\", "/"))
    .replace(/\.(cmd|exe|ps1|bat)$/i, "")
    .toLowerCase();
  const [next, ...rest] = wrappers.get(name)?.(args) ?? [];
  return next === undefined ? { name, args } : commandBehind(next, rest);
}

function afterCmd(args: CommandLine): CommandLine {
  const at = args.findIndex((word) => /^\/[ck]$/i.test(word));
  if (at === -1) return [];
  const [line, ...more] = args.slice(at + 1);
  return line !== undefined && more.length === 0 ? wordsOf(line) : args.slice(at + 1);
}

const VALUED_OF_ENV = ["-u", "--unset", "-C", "--chdir"];

/** Options of `env` come first, then variables, then the command; `-S` has several of these words in one. */
function afterEnv([word, ...rest]: CommandLine): CommandLine {
  if (word === undefined) return [];
  const line = /^(?:-[iv0]*S|--split-string=?)(.*)$/s.exec(word)?.[1];
  if (line === "") return afterEnv([...wordsOf(rest[0] ?? ""), ...rest.slice(1)]);
  if (line !== undefined) return afterEnv([...wordsOf(line), ...rest]);
  if (VALUED_OF_ENV.includes(word)) return afterEnv(rest.slice(1));
  return word.startsWith("-") || word.includes("=") ? afterEnv(rest) : [word, ...rest];
}

function wordsOf(line: string): CommandLine {
  return [...line.matchAll(/["']([^"']*)["']|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
