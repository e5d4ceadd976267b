import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ownFile } from "../../own-file.ts";
import { CliError } from "../cli-error.ts";
import { findConfig } from "../connection/find-config.ts";
import type { PackageSource } from "./package-source.ts";
import { type Manifest, planManifest } from "./plan-manifest.ts";

/** A file of the project to be: new, or one that is added to. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  readonly change: "created" | "added to" | "kept";
}

export interface ProjectPlan {
  readonly files: readonly PlannedFile[];
  readonly manifest: Manifest;
}

export interface ProjectNeeds {
  readonly folder: string;
  readonly source: PackageSource;
  readonly bringsNode: boolean;
}

const TEMPLATE = ownFile("cli/init/template/");
const TEMPLATE_FILES = ["callgate.config.ts", "domains/notes.ts", "domains/notes-book.ts", "domains/notes.test.ts"];
const IGNORED = [".callgate/", "node_modules/"];

/** What `init` would write. Nothing that is there is overwritten; a gate that is there already is a `CliError`. */
export function planProject({ folder, source, bringsNode }: ProjectNeeds): ProjectPlan {
  const config = findConfig(folder, undefined);
  if (config !== undefined) {
    throw new CliError("usage", `There is a gate here already: ${basename(config)}.`, {
      next: "Choose another folder: callgate init my-gate",
    });
  }
  const existing = readManifest(folder);
  const manifest = planManifest({ existing, name: packageName(folder), callgate: source.specifier, bringsNode });
  const files = [
    manifestFile(existing, manifest),
    ...templateFiles(folder, manifest.type !== "module"),
    ignoreFile(folder),
    tsconfigFile(folder),
  ];
  return { files, manifest };
}

function manifestFile(existing: Manifest | undefined, manifest: Manifest): PlannedFile {
  const content = `${JSON.stringify(manifest, null, 2)}\n`;
  return { path: "package.json", content, change: existing === undefined ? "created" : "added to" };
}

/** Where package.json does not say that all files are modules, the gate's are so by their own extension. */
function templateFiles(folder: string, asMts: boolean): PlannedFile[] {
  return TEMPLATE_FILES.map((name) => {
    const text = readFileSync(new URL(name, TEMPLATE), "utf8");
    const path = asMts ? name.replace(/\.ts$/, ".mts") : name;
    const content = asMts ? text.replaceAll(/(["']\.{1,2}\/[^"']+)\.ts(["'])/g, "$1.mts$2") : text;
    return { path, content, change: existsSync(join(folder, path)) ? "kept" : "created" };
  });
}

function ignoreFile(folder: string): PlannedFile {
  const path = ".gitignore";
  const text = readIfThere(join(folder, path));
  if (text === undefined) return { path, content: `${IGNORED.toReversed().join("\n")}\n`, change: "created" };
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, "").replace(/\/$/, "")));
  const absent = IGNORED.filter((entry) => !lines.has(entry.replace(/\/$/, "")));
  if (absent.length === 0) return { path, content: text, change: "kept" };
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  return { path, content: `${text}${gap}${absent.join("\n")}\n`, change: "added to" };
}

function tsconfigFile(folder: string): PlannedFile {
  const path = "tsconfig.json";
  const compilerOptions = {
    target: "es2024",
    module: "nodenext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const content = `${JSON.stringify({ compilerOptions }, null, 2)}\n`;
  return { path, content, change: existsSync(join(folder, path)) ? "kept" : "created" };
}

function readManifest(folder: string): Manifest | undefined {
  const text = readIfThere(join(folder, "package.json"));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new CliError("failed", "The package.json here is not JSON.", {
      next: "Mend it, then run callgate init again.",
      cause,
    });
  }
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** npm's rules for a name, from the folder's. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" || name === "callgate" ? "my-gate" : name;
}
