import type { IncomingMessage, ServerResponse } from "node:http";
import type { Host } from "../../wire/exchange.ts";
import { toInternalError } from "../../wire/internal-error.ts";
import { refuse } from "./refuse.ts";

/** Pages for people, beside MCP. */
export interface Pages {
  /** `path` is without its query. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): void;
}

export type PagesLoader = () => Promise<Pages>;

/** Pages that are loaded when somebody first asks for one: most requests are a client's. */
export class LazyPages {
  readonly #load: PagesLoader;
  readonly #host: Host;
  #loading: Promise<Pages> | undefined;
  #loaded: Pages | undefined;

  constructor(load: PagesLoader, host: Host) {
    this.#load = load;
    this.#host = host;
  }

  takes(path: string): boolean {
    return path === "/approvals" || path.startsWith("/approvals/");
  }

  serve(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (this.#loaded !== undefined) return this.#loaded.serve(request, response, path);
    this.#loading ??= this.#load();
    this.#loading.then(
      (pages) => {
        this.#loaded = pages;
        pages.serve(request, response, path);
      },
      (error: unknown) => {
        // The next one tries again.
        this.#loading = undefined;
        refuse(request, response, toInternalError(this.#host, "the pages did not load", error));
      },
    );
  }
}
