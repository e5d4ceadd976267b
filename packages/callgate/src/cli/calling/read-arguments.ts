import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import type { Terminal } from "../terminal.ts";
import { parsePairs, type ToolInput } from "./parse-pairs.ts";

export interface ArgumentSources {
  readonly words: readonly string[];
  /** A JSON object. */
  readonly arguments?: string | undefined;
  /** A file with a JSON object; `-` is stdin. */
  readonly input?: string | undefined;
}

/** A call's arguments from all that the command line gives; words overrule JSON. */
export async function readArguments(
  tool: ToolInput,
  sources: ArgumentSources,
  terminal: Terminal,
): Promise<Record<string, unknown>> {
  const fromFile = sources.input === undefined ? {} : parseObject(await readInput(sources.input, terminal), "--input");
  const fromOption = sources.arguments === undefined ? {} : parseObject(sources.arguments, "--json");
  return { ...fromFile, ...fromOption, ...parsePairs(tool, sources.words) };
}

async function readInput(path: string, terminal: Terminal): Promise<string> {
  if (path === "-") return terminal.input();
  try {
    return readFileSync(resolve(terminal.folder, path), "utf8");
  } catch (cause) {
    throw new CliError("usage", `The file ${path} cannot be read.`, { cause });
  }
}

function parseObject(text: string, from: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CliError(
      "usage",
      `${from} is not JSON: ${cause instanceof Error ? cause.message : "it cannot be parsed"}`,
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CliError("usage", `${from} must be a JSON object.`);
}
