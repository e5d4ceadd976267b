import type { Stop } from "../define/stop.ts";
import { within } from "../limits/within.ts";
import type { JsonObject } from "../wire/exchange.ts";
import type {
  Discovery,
  RequestOptions,
  UpstreamAnswer,
  UpstreamChange,
  UpstreamConnection,
  UpstreamMethod,
} from "./connection.ts";
import { Places, type PlacesOptions } from "./places.ts";
import { pause } from "./session/pause.ts";
import { forgotten, tooLate, unreachable } from "./session/reply.ts";
import type { Session } from "./session/session.ts";
import { waitFor } from "./session/wait-for.ts";
import type { Tries } from "./tries.ts";
import { UpstreamError } from "./upstream-error.ts";

/** What a session tells of itself while it lasts. */
export interface SessionEvents {
  readonly onChange: (change: UpstreamChange) => void;
  /** It is over: the next request begins another. */
  readonly onEnd: (error: UpstreamError) => void;
}

export interface ManagedConnectionOptions extends PlacesOptions {
  /** Finds the server's era and begins a session; `signal` ends the trying. Its own deadline bounds it. */
  readonly open: (events: SessionEvents, signal: AbortSignal) => Promise<Session>;
  /** How it went so far, over this connection and others to the same server. */
  readonly tries: Tries;
  /** Ends what outlives sessions. */
  readonly close?: () => Promise<void>;
}

/** A server that forgets each session at once is not asked at once again. */
const FORGOTTEN_DELAY_MS = 250;
/** A session that lasted so long was well, and its end is no reason to wait. */
const STEADY_MS = 10_000;
/** A program may have to be ended by force, after it was asked twice. */
const CLOSE_MS = 8_000;
/** A request waits this long for the next try; a longer delay is an answer by itself. */
const PATIENCE_MS = 1_000;

/** One server for the whole life of the gate: sessions begin when one is needed, one at a time, later after each failure. */
export class ManagedConnection implements UpstreamConnection {
  readonly #options: ManagedConnectionOptions;
  readonly #places: Places;
  readonly #tries: Tries;
  readonly #listeners = new Set<(change: UpstreamChange) => void>();
  readonly #closing = new AbortController();
  #session: Promise<Session> | undefined;
  /** The same, once it is open. */
  #live: Session | undefined;
  #endLive: ((error: UpstreamError) => void) | undefined;
  #isUp: boolean | undefined;
  #followed: ReadonlySet<string> = new Set();
  #isReturning = false;

  constructor(options: ManagedConnectionOptions) {
    this.#options = options;
    this.#tries = options.tries;
    this.#places = new Places(options);
  }

  discover(signal: AbortSignal): Promise<Discovery> {
    return this.#with(signal, (session) => session.discover(signal));
  }

  health(signal: AbortSignal): Promise<void> {
    return this.#with(signal, (session) => session.ping(signal));
  }

  async request(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<UpstreamAnswer> {
    const { signal } = options;
    const place = this.#places.enter(signal);
    if (place !== undefined) await place;
    try {
      return await this.#with(signal, (session) => session.request(method, params, options));
    } finally {
      this.#places.leave();
    }
  }

  async follow(uris: ReadonlySet<string>): Promise<void> {
    this.#followed = uris;
    if (this.#live !== undefined) await this.#live.follow(uris);
    else void this.#comeBack();
  }

  onChange(listener: (change: UpstreamChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the gate closes"));
    try {
      // What does not heed the signal is left behind: it ends with what it stands on.
      await within(CLOSE_MS, () => this.#endSession());
    } finally {
      await this.#options.close?.();
    }
  }

  async #endSession(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }

  #with<Value>(signal: Stop, work: (session: Session) => Promise<Value>): Promise<Value> {
    const ready = this.#ready(signal);
    const worked = ready === undefined ? this.#current(signal).then(work) : work(ready);
    return worked.catch((error: unknown) => {
      if (!isForgotten(error)) throw error;
      return this.#current(signal).then(work);
    });
  }

  #ready(signal: Stop): Session | undefined {
    return signal.aborted || this.#closing.signal.aborted || this.#live?.isSpent === true ? undefined : this.#live;
  }

  /** A new session where there is none: begun once for all who wait, each of whom gives up by its own signal. */
  async #current(signal: Stop): Promise<Session> {
    const { name } = this.#options;
    this.#refuseClosing();
    if (signal.aborted) throw tooLate(name, signal);
    if (this.#live?.isSpent === true) this.#renew(this.#live);
    if (this.#live !== undefined) return this.#live;
    if (this.#session === undefined) await this.#delay(signal);
    this.#refuseClosing();
    this.#session ??= this.#open();
    const late = (): UpstreamError =>
      unreachable(name, false, { what: "was not ready in time", cause: this.#tries.lastError ?? signal.reason });
    return waitFor(this.#session.catch(refuseUnsent), signal, late);
  }

  #refuseClosing(): void {
    if (!this.#closing.signal.aborted) return;
    throw unreachable(this.#options.name, false, { what: "is no longer asked: the gate closes" });
  }

  /** The one before ends first: what it stands on may be there once only. */
  #renew(spent: Session): void {
    this.#endLive?.(forgotten(this.#options.name, "is spoken to in another session"));
    this.#session = this.#open(spent.close());
  }

  async #delay(signal: Stop): Promise<void> {
    const { waitMs: wait, lastError } = this.#tries;
    if (wait <= 0) return;
    const why = lastError?.message.replace(/\.$/, "") ?? "";
    if (wait > PATIENCE_MS)
      throw unreachable(this.#options.name, false, { what: `is tried again in ${seconds(wait)}: ${why}` });
    await waitFor(sleep(wait), signal, () => unreachable(this.#options.name, false, { what: `is down: ${why}` }));
  }

  #open(before: Promise<void> = Promise.resolve()): Promise<Session> {
    let isOver = false;
    let since = Number.POSITIVE_INFINITY;
    const end = (error: UpstreamError): void => {
      if (isOver) return;
      isOver = true;
      if (this.#session === opening) {
        this.#session = undefined;
        this.#live = undefined;
      }
      if (!isForgotten(error) && !this.#closing.signal.aborted) {
        if (performance.now() - since > STEADY_MS) this.#tries.lasted();
        this.#failed(error);
      }
      void this.#comeBack();
    };
    const events: SessionEvents = {
      onChange: (change) => this.#tell(change),
      onEnd: end,
    };
    const begun = before.catch(() => {}).then(() => this.#options.open(events, this.#closing.signal));
    const opening: Promise<Session> = begun.then(
      (session) => {
        since = performance.now();
        if (!isOver) {
          this.#live = session;
          this.#endLive = end;
          this.#succeeded();
          void this.#followAnew(session);
        }
        return session;
      },
      (error: unknown) => {
        end(
          error instanceof UpstreamError
            ? error
            : unreachable(this.#options.name, false, { what: "broke", cause: error }),
        );
        throw error;
      },
    );
    // Whoever waits hears of it; nobody may be waiting any more.
    opening.catch(() => {});
    return opening;
  }

  /** Where resources are followed, the next session does not wait until somebody asks something. */
  async #comeBack(): Promise<void> {
    if (this.#isReturning) return;
    this.#isReturning = true;
    const { signal } = this.#closing;
    while (this.#followed.size > 0 && this.#live === undefined && !signal.aborted) {
      await pause(Math.max(this.#tries.waitMs, FORGOTTEN_DELAY_MS), signal);
      if (signal.aborted) break;
      this.#session ??= this.#open();
      await this.#session.catch(() => undefined);
    }
    this.#isReturning = false;
  }

  /** What has changed while there was no session, nobody has heard. */
  async #followAnew(session: Session): Promise<void> {
    const uris = this.#followed;
    if (uris.size === 0) return;
    await session.follow(uris);
    for (const uri of uris) this.#tell({ kind: "resource", uri });
  }

  #succeeded(): void {
    this.#tries.succeeded();
    if (this.#isUp === false) this.#tell({ kind: "up" });
    this.#isUp = true;
  }

  #failed(error: UpstreamError): void {
    this.#tries.failed(error);
    if (this.#isUp === false) return;
    this.#isUp = false;
    this.#tell({ kind: "down" });
  }

  #tell(change: UpstreamChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The server is there, and nothing was done: the next session may be tried at once, and is no news. */
function isForgotten(error: unknown): boolean {
  return error instanceof UpstreamError && error.fault.kind === "unreachable" && error.fault.isForgotten === true;
}

/** Whatever went wrong before there was a session, nothing of the request itself was sent. */
function refuseUnsent(error: unknown): never {
  if (!(error instanceof UpstreamError) || error.fault.kind === "unauthorized" || error.fault.kind === "busy")
    throw error;
  throw new UpstreamError({ kind: "unreachable", sent: false }, error.message, { cause: error });
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
