import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Place } from "./finding.ts";

/** A line of a source file. */
export interface SourcePlace {
  /** Relative to the folder that the command was given in. */
  readonly path: string;
  readonly line: number;
}

const DECLARATION =
  /\.(?:read|write|destructive)\(\s*(["'`])([\w-]+)\1|\b(?:defineDomain|upstream|openapi)(?:<[^>()]*>)?\(\s*(["'`])([\w-]+)\3/g;
const LEFT_OUT: ReadonlySet<string> = new Set(["node_modules", "dist", "build", ".git", ".callgate"]);
const MOST_FILES = 2_000;

/**
 * Where tools and domains are declared, as far as their names stand in the declarations: looked for in the folder of the
 * config. What is not found there is placed at the config.
 */
export class SourcePlaces {
  readonly #config: SourcePlace;
  readonly #tools = new Map<string, SourcePlace>();
  readonly #domains = new Map<string, SourcePlace>();

  constructor(config: string, { root, from }: { readonly root: string; readonly from: string }) {
    this.#config = { path: relative(from, config), line: 1 };
    const paths = globSync("**/*.{ts,mts,js,mjs}", { cwd: root, exclude: (name) => LEFT_OUT.has(name) });
    for (const path of paths.toSorted().slice(0, MOST_FILES))
      this.#read(join(root, path), relative(from, join(root, path)));
  }

  of({ tool, domain }: Place): SourcePlace {
    return this.#tools.get(tool ?? "") ?? this.#domains.get(domain ?? "") ?? this.#config;
  }

  #read(file: string, path: string): void {
    if (/\.(?:test|test-d|d)\.m?[jt]s$/.test(path)) return;
    const text = readFileSync(file, "utf8");
    for (const { index, 2: tool, 4: domain } of text.matchAll(DECLARATION)) {
      const place = { path, line: text.slice(0, index).split("\n").length };
      if (tool !== undefined && !this.#tools.has(tool)) this.#tools.set(tool, place);
      if (domain !== undefined && !this.#domains.has(domain)) this.#domains.set(domain, place);
    }
  }
}
