import type { CallLog } from "../../define/context.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { Link } from "./link.ts";
import { ofTheGate } from "./list-all.ts";

const ANSWER_MS = 10_000;

export interface SubscriptionsOptions {
  readonly name: string;
  readonly link: Link;
  readonly log: CallLog;
}

/** The resources that an old server tells of, each subscribed to once for all; MCP 2025-11-25, "Resources". */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #subscribed = new Set<string>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Subscribes to what is new, and ends what is not wanted any more. False where some of it has to be tried again. */
  async tell(uris: ReadonlySet<string>): Promise<boolean> {
    const left = [...this.#subscribed].filter((uri) => !uris.has(uri));
    const begun = [...uris].filter((uri) => !this.#subscribed.has(uri));
    for (const uri of left) this.#subscribed.delete(uri);
    // Where that goes wrong, more is heard than anybody listens for.
    const ending = left.map((uri) => this.#ask("resources/unsubscribe", uri).catch(() => true));
    const told = await Promise.all([...begun.map((uri) => this.#subscribe(uri)), ...ending]);
    return told.every(Boolean);
  }

  async #subscribe(uri: string): Promise<boolean> {
    const { name, log } = this.#options;
    try {
      await this.#ask("resources/subscribe", uri);
    } catch (error) {
      log.warn("an upstream was not told that changes of a resource are listened for", {
        upstream: name,
        resource: uri,
        problem: error instanceof Error ? error.message : String(error),
      });
      return !isForNow(error);
    }
    this.#subscribed.add(uri);
    return true;
  }

  async #ask(method: string, uri: string): Promise<boolean> {
    await this.#options.link.ask({ ...ofTheGate, method, params: { uri }, signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  }
}

/** The next session is told anew; what this one has refused it refuses again. */
function isForNow(error: unknown): boolean {
  return error instanceof UpstreamError && ["busy", "timeout", "unauthorized"].includes(error.fault.kind);
}
