import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../wire/exchange.ts";

/** What `changing-server.ts` offers, and answers. */
export interface Offering {
  readonly name?: string;
  /** As they are when the server starts. */
  readonly instructions?: string;
  readonly tools?: readonly JsonObject[];
  readonly resources?: readonly JsonObject[];
  readonly resourceTemplates?: readonly JsonObject[];
  readonly prompts?: readonly JsonObject[];
  /** What is read at every address; without them a text that names it. */
  readonly contents?: readonly JsonObject[];
  /** Results by tool; without one a call is answered with its arguments. */
  readonly results?: Readonly<Record<string, JsonObject>>;
}

const SERVER = fileURLToPath(new URL("changing-server.ts", import.meta.url));

/** A real server of its own process, whose offering a test changes while it runs. */
export class ChangingServer {
  readonly #path: string;

  constructor(folder: string, offering: Offering, name = "offering") {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, `${name}.json`);
    this.offer(offering);
  }

  get address(): { readonly command: string; readonly args: readonly string[] } {
    return { command: process.execPath, args: [SERVER, this.#path] };
  }

  /** From now on; whoever listens is told. */
  offer(offering: Offering): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(offering));
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** The calls of tools that have reached it. */
  get calls(): readonly JsonObject[] {
    const file = `${this.#path}.calls`;
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonObject);
  }
}
