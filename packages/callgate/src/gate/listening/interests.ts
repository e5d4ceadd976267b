import { inspect } from "node:util";
import type { CallLog } from "../../define/context.ts";
import type { DomainSource } from "../../define/domain.ts";
import { within } from "../../limits/within.ts";

/** A resource that is listened for, and who knows when it changes. */
export interface Followed {
  readonly source: DomainSource;
  readonly uri: string;
}

/** A listener waits no longer for a server to take note. */
const PATIENCE_MS = 5_000;

/** Which resources of each source are listened for: a source hears of each once, however many listeners there are. */
export class Interests {
  readonly #log: CallLog;
  readonly #listeners = new Map<DomainSource, Map<string, number>>();

  constructor(log: CallLog) {
    this.#log = log;
  }

  /** One listener follows other resources than before; resolves once the sources know, or after some seconds. Never rejects. */
  async change(before: readonly Followed[], now: readonly Followed[]): Promise<void> {
    // What is in both is never left in between.
    const begun = now.filter((followed) => this.#count(followed, 1) === 1);
    const left = before.filter((followed) => this.#count(followed, -1) === 0);
    const sources = new Set([...begun, ...left].map(({ source }) => source));
    await Promise.all([...sources].map((source) => this.#tell(source)));
  }

  /** How many listeners the resource has from now on. */
  #count({ source, uri }: Followed, more: 1 | -1): number {
    let listeners = this.#listeners.get(source);
    if (listeners === undefined) this.#listeners.set(source, (listeners = new Map()));
    const count = (listeners.get(uri) ?? 0) + more;
    if (count === 0) listeners.delete(uri);
    else listeners.set(uri, count);
    return count;
  }

  async #tell(source: DomainSource): Promise<void> {
    const uris = new Set(this.#listeners.get(source)?.keys());
    try {
      await within(PATIENCE_MS, () => source.follow(uris));
    } catch (error) {
      this.#log.warn("a server was slow to take note of who listens", { error: inspect(error) });
    }
  }
}
