import type { ChangeEvent, ErrorAnswer, Exchange, Host, Subscription } from "../exchange.ts";

const mostUris = 256;

/** What a session hears of: every change of a list, and of the resources that it subscribed to. */
export class Changes {
  readonly #host: Host;
  readonly #emit: (event: ChangeEvent) => void;
  readonly #uris = new Set<string>();
  #exchange: Exchange | undefined;
  #open: Subscription | undefined;
  /** Counts openings: one that was overtaken while it waited closes what it got. */
  #opening = 0;

  constructor(host: Host, emit: (event: ChangeEvent) => void) {
    this.#host = host;
    this.#emit = emit;
  }

  get watching(): boolean {
    return this.#uris.size > 0;
  }

  /** Listens from now on, as the caller of this exchange. The host may refuse that caller. */
  async listen(exchange: Exchange, end: () => void): Promise<ErrorAnswer | undefined> {
    const opening = ++this.#opening;
    const uris = [...this.#uris];
    const wanted = {
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: uris,
    };
    const outcome = await this.#host.listen(exchange, wanted, { emit: this.#emit, end });
    if ("kind" in outcome) return outcome;
    if (opening !== this.#opening) {
      outcome.close();
      return undefined;
    }
    this.#open?.close();
    this.#open = outcome;
    this.#exchange = exchange;
    this.#end = end;
    // What was named or dropped while the host took its time is not in this one.
    if (uris.length !== this.#uris.size || !uris.every((uri) => this.#uris.has(uri))) await this.#renew();
    return undefined;
  }

  #end: () => void = () => {};

  /** False where the session already watches as many resources as it may. */
  async watch(uri: string): Promise<boolean> {
    if (this.#uris.size >= mostUris && !this.#uris.has(uri)) return false;
    this.#uris.add(uri);
    await this.#renew();
    return true;
  }

  async unwatch(uri: string): Promise<void> {
    if (this.#uris.delete(uri)) await this.#renew();
  }

  /** Hears of nothing more until it listens again. What it watches is remembered. */
  stop(): void {
    this.#opening++;
    this.#open?.close();
    this.#open = undefined;
    this.#exchange = undefined;
  }

  async #renew(): Promise<void> {
    if (this.#exchange !== undefined) await this.listen(this.#exchange, this.#end);
  }
}
