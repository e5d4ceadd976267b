import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Place } from "./finding.ts";
import { sourceFilesIn } from "./source-files.ts";

/** A line of a source file. */
export interface SourcePlace {
  /** Relative to the folder that the command was given in. */
  readonly path: string;
  readonly line: number;
}

/** Where sources are, and what their paths are told relative to. */
export interface SourceFolders {
  readonly root: string;
  readonly from: string;
}

const DECLARATION =
  /\.(?:read|write|destructive)\(\s*(["'`])([\w-]+)\1|\b(?:defineDomain|upstream|openapi)(?:<[^>()]*>)?\(\s*(["'`])([\w-]+)\3/g;

/**
 * Where tools and domains are declared, as far as their names stand in the declarations: looked for in the folder of the
 * config. What is not found there is placed at the config.
 */
export class SourcePlaces {
  readonly #config: SourcePlace;
  readonly #tools = new Map<string, SourcePlace>();
  readonly #domains = new Map<string, SourcePlace>();

  constructor(config: string, { root, from }: SourceFolders) {
    this.#config = { path: relative(from, config), line: 1 };
    for (const path of sourceFilesIn(root)) this.#read(join(root, path), relative(from, join(root, path)));
  }

  of({ tool, domain }: Place): SourcePlace {
    return this.#tools.get(tool ?? "") ?? this.#domains.get(domain ?? "") ?? this.#config;
  }

  #read(file: string, path: string): void {
    const text = readFileSync(file, "utf8");
    for (const { index, 2: tool, 4: domain } of text.matchAll(DECLARATION)) {
      const place = { path, line: text.slice(0, index).split("\n").length };
      if (tool !== undefined && !this.#tools.has(tool)) this.#tools.set(tool, place);
      if (domain !== undefined && !this.#domains.has(domain)) this.#domains.set(domain, place);
    }
  }
}
