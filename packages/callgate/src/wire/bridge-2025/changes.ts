import type { ChangeEvent, ErrorAnswer, Exchange, Host, Subscription } from "../exchange.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";

const mostUris = 256;
/** Of all that a session watches together: it is remembered for as long as the session is. */
const mostLetters = 64 * 1024;

/** What a session hears of: every change of a list, and of the resources that it subscribed to. */
export class Changes {
  readonly #host: Host;
  readonly #emit: (event: ChangeEvent) => void;
  readonly #uris = new Set<string>();
  #exchange: Exchange | undefined;
  #open: Subscription | undefined;
  /** Counts openings; one that gets its answer behind a later one, or a stop, closes what it got. */
  #opening = 0;
  /** The newest opening that was let in, or was stopped. */
  #settled = 0;
  #end: () => void = () => {};

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
    if (opening < this.#settled) {
      outcome.close();
      return undefined;
    }
    this.#settled = opening;
    this.#open?.close();
    this.#open = outcome;
    this.#exchange = exchange;
    this.#end = end;
    // What was named or dropped while the host took its time is in a later one, if there is any.
    const isComplete = uris.length === this.#uris.size && uris.every((uri) => this.#uris.has(uri));
    return isComplete || opening < this.#opening ? undefined : this.#renew();
  }

  /** Hears of this resource too; where that is refused, all is as before. */
  async watch(uri: string): Promise<ErrorAnswer | undefined> {
    if (this.#uris.has(uri)) return undefined;
    if (!this.#hasRoomFor(uri)) return tooMany;
    this.#uris.add(uri);
    const refusal = await this.#renew();
    if (refusal !== undefined) this.#uris.delete(uri);
    return refusal;
  }

  /** Hears of this resource no more; where that is refused, all is as before. */
  async unwatch(uri: string): Promise<ErrorAnswer | undefined> {
    if (!this.#uris.delete(uri)) return undefined;
    const refusal = await this.#renew();
    if (refusal !== undefined) this.#uris.add(uri);
    return refusal;
  }

  /** Hears of nothing more until it listens again. What it watches is remembered. */
  stop(): void {
    this.#settled = ++this.#opening;
    this.#open?.close();
    this.#open = undefined;
    this.#exchange = undefined;
  }

  #hasRoomFor(uri: string): boolean {
    if (this.#uris.size >= mostUris) return false;
    let letters = uri.length;
    for (const { length } of this.#uris) letters += length;
    return letters <= mostLetters;
  }

  /** Nobody listens before the client has a stream: it begins with all that is watched by then. */
  async #renew(): Promise<ErrorAnswer | undefined> {
    return this.#exchange && this.listen(this.#exchange, this.#end);
  }
}

const tooMany = rpcError(rpcCode.invalidParams, "This session watches too many resources: unsubscribe from one.");
