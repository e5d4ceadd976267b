import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { DefinitionError } from "../../define/definition-error.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { CliError } from "../cli-error.ts";

/**
 * Loads a gate's config. Paths in it are relative to its own folder, wherever the command was given: the process moves
 * there first.
 */
export async function loadConfig(path: string): Promise<GateConfig> {
  process.chdir(dirname(path));
  const module = await importConfig(path);
  const config = (module as { default?: unknown }).default;
  if (isGateConfig(config)) return config;
  throw new CliError("cannotStart", `${path} does not export a gate.`, {
    next: "Let it `export default defineGate({ … })`.",
  });
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
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? message;
}

function cureOf(error: unknown): string | undefined {
  const missing = (error as { code?: unknown } | null)?.code === "ERR_MODULE_NOT_FOUND";
  return missing ? "Is everything installed? Run npm install there, then try again." : undefined;
}

function isGateConfig(value: unknown): value is GateConfig {
  return typeof value === "object" && value !== null && "domains" in value && "store" in value && "callers" in value;
}
