import { dirname, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DefinitionError } from "../../define/definition-error.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { refuseOddSettings } from "../../gate/compile/refuse-odd-settings.ts";
import { GATE_KINDS } from "../../gate/compile/setting-kinds.ts";
import { refuseLiteralSecrets } from "../../secrets/literal-secrets.ts";
import { CliError } from "../cli-error.ts";

/**
 * Loads a gate's config. Paths in it are relative to its own folder, wherever the command was given: the process moves
 * there first. One that holds a secret itself is refused unread; throws `DefinitionError` where a setting holds what it may not.
 */
export async function loadConfig(path: string): Promise<GateConfig> {
  process.chdir(dirname(path));
  refuseLiteralSecrets(path);
  const module = await importConfig(path);
  const config = (module as { default?: unknown }).default;
  if (!isGateConfig(config)) {
    throw new CliError("cannotStart", `${path} does not export a gate.`, {
      next: "Let it `export default defineGate({ … })`.",
    });
  }
  refuseOddSettings(config);
  return config;
}

async function importConfig(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    throw new CliError("cannotStart", `${path} could not be loaded: ${reasonOf(error)}`, {
      next: cureOf(error),
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ""] = error.message.split("\n", 1);
  return isMissing(error) ? message : `${placeOf(error.stack ?? "")}${message}`;
}

/** Node puts the place of a syntax error above the stack; what a file threw has it in its first frame. */
const SYNTAX_PLACE = /^((?:file:\/\/)?(?:\/|[A-Z]:\\).*):(\d+)\n/;
const THROWN_PLACE = /(file:\/\/[^\s()]+?):(\d+)/;

/** What is wrong may be in any file that the config imports; its path is short, for the process is in the config's folder. */
function placeOf(stack: string): string {
  const [, file, line] = SYNTAX_PLACE.exec(stack) ?? THROWN_PLACE.exec(stack) ?? [];
  if (file === undefined) return "";
  return `${relative(process.cwd(), file.startsWith("file:") ? fileURLToPath(file) : file)}:${line}: `;
}

function cureOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !isMissing(error)) return undefined;
  return error.message.startsWith("Cannot find package")
    ? "Is everything installed? Run npm install there, then try again."
    : "An import names its file as it is, with its ending: ./rooms.ts";
}

function isMissing(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
}

/** One that lacks a part, or has it by another name, is a gate still: what is wrong with it is said by its name. */
function isGateConfig(value: unknown): value is GateConfig {
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(GATE_KINDS).filter((name) => name in value).length > 1;
}
