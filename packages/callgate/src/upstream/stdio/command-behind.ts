import { basename } from "node:path";
import { commandsIn } from "./shell-line.ts";

/** A command without its folder and ending, in lower-case letters. */
export interface NamedCommand {
  readonly name: string;
  readonly args: readonly string[];
}

type CommandLine = readonly string[];
type Wrapper = (args: CommandLine) => Iterable<CommandLine>;

const SHELLS = ["sh", "bash", "dash", "ash", "zsh", "ksh", "fish"];
const POWER_SHELLS = ["powershell", "pwsh"];
/** Programs that only run another one, which stands somewhere among their arguments. */
const STARTERS =
  "sudo doas nohup nice timeout setsid stdbuf xvfb-run busybox dumb-init tini wsl op doppler dotenvx infisical mise direnv fnm".split(
    " ",
  );

/** By the name of a command that runs other ones, what these are. */
const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ["cmd", afterCmd],
  ["env", (args) => [afterEnv(args)]],
  ["eval", (args) => commandsIn(args.join(" "))],
  ...SHELLS.map((name) => [name, afterShell] as const),
  ...POWER_SHELLS.map((name) => [name, afterPowerShell] as const),
  ...STARTERS.map((name) => [name, everyRest] as const),
]);

/** A command, and all that it may run in the end: shells with a line, `cmd /c`, `env` and the like are seen through. */
export function* commandsBehind(command: string, args: CommandLine): Generator<NamedCommand> {
  const name = basename(command.replaceAll("\\", "/"))
    .replace(/\.(cmd|exe|ps1|bat)$/i, "")
    .toLowerCase();
  yield { name, args };
  for (const [next, ...rest] of wrappers.get(name)?.(args) ?? []) {
    if (next !== undefined) yield* commandsBehind(next, rest);
  }
}

function afterCmd(args: CommandLine): readonly CommandLine[] {
  const at = args.findIndex((word) => /^\/[ck]$/i.test(word));
  if (at === -1) return [];
  const [line, ...more] = args.slice(at + 1);
  return line !== undefined && more.length === 0 ? line.split(/[&|]+/).map(wordsOf) : [args.slice(at + 1)];
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

/** `sh -c` with a line, and with words that the line may run as `$0` and `$@`. */
function* afterShell(args: CommandLine): Generator<CommandLine> {
  const at = args.findIndex((word) => /^-[a-z]*c[a-z]*$/i.test(word));
  const [line, ...given] = at === -1 ? [] : args.slice(at + 1).filter((word, index) => index > 0 || word !== "--");
  if (line === undefined) return;
  yield* commandsIn(line);
  yield given;
  yield given.slice(1);
}

/** What stands before the value of a variable: `$env:TOKEN = `. */
const ASSIGNED = /\$[\w:]+\s*\+?=\s*/g;

function* afterPowerShell(args: CommandLine): Generator<CommandLine> {
  const at = args.findIndex((word) => /^-c(?:ommand)?$/i.test(word));
  if (at === -1) return;
  const line = args.slice(at + 1).join(" ");
  yield* commandsIn(line.replaceAll("\\", "/").replaceAll(ASSIGNED, ""));
}

/** How many of the words are its own only the program knows. */
function everyRest(args: CommandLine): readonly CommandLine[] {
  return args.map((_, at) => args.slice(at)).filter(([first = ""]) => /^[^-$]/.test(first));
}

function wordsOf(line: string): CommandLine {
  return [...line.matchAll(/["']([^"']*)["']|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
