import { maskedText } from "../audit/mask.ts";
import type { BackendHost } from "../define/backend-host.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import { knownSecrets } from "../secrets/known-secrets.ts";
import type { Address } from "./address.ts";
import { Comparison, type ComparisonOptions, type Failure } from "./comparison.ts";
import type { Discovery, UpstreamChange, UpstreamConnection } from "./connection.ts";
import { type LockedUpstream, toLocked } from "./lock/locked.ts";
import { SharedConnection } from "./shared-connection.ts";
import { Tries } from "./tries.ts";
import type { UpstreamOptions } from "./upstream-options.ts";

/** A program that npx has to load first is not there at once. */
const DISCOVERY_MS = 60_000;
const COMPARE_EVERY_MS = 3 * 60_000;

/** What a connection is opened with. */
export interface Connecting {
  readonly name: string;
  readonly options: UpstreamOptions;
  readonly host: BackendHost;
  readonly tries: Tries;
}

/** Reaches the server of an upstream. */
export type Connect = (connecting: Connecting) => MaybePromise<UpstreamConnection>;

export interface OfferOptions extends Omit<ComparisonOptions, "look"> {
  readonly options: UpstreamOptions;
  readonly address: Address;
  readonly connect: Connect;
  /** A resource that the server says has changed. */
  readonly onResource: (uri: string) => void;
}

/**
 * What a server offers, by the one connection that all of its upstream's users share: compared with what was accepted when
 * it is first reached, when it tells of changes, and every few minutes.
 */
export class Offer {
  readonly #options: OfferOptions;
  readonly #connection: SharedConnection;
  readonly #comparison: Comparison;
  #host: BackendHost | undefined;
  #unheld: Discovery["unheld"] = [];

  constructor(options: OfferOptions) {
    this.#options = options;
    // A gate that comes up without its server connects anew each time it looks.
    const tries = new Tries();
    const open = (): MaybePromise<UpstreamConnection> => {
      const { upstream: name, options: rules, connect } = this.#options;
      if (this.#host === undefined) throw new Error(`${name} was asked before there was anything to ask it with`);
      return connect({ name, options: rules, host: this.#host, tries });
    };
    this.#comparison = new Comparison({ ...options, look: () => this.#now() });
    this.#connection = new SharedConnection(open, {
      onChange: (change) => this.#hear(change),
      onTime: () => this.#comparison.soon(),
      everyMs: COMPARE_EVERY_MS,
    });
  }

  /** Why the server could not be asked, the last time. */
  get failure(): Failure | undefined {
    return this.#comparison.failure;
  }

  /** What it offered the last time, and cannot be held to anything. */
  get unheld(): Discovery["unheld"] {
    return this.#unheld;
  }

  /** Connects where nobody has, and compares before anything is called; `stop` undoes it. */
  async start(host: BackendHost): Promise<UpstreamConnection> {
    this.#host = host;
    const connection = await this.#open();
    try {
      await this.compare();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return connection;
  }

  async stop(): Promise<void> {
    await this.#connection.close();
    if (this.#connection.current === undefined) this.#comparison.stop();
  }

  /** Rejects where the server cannot be asked. */
  compare(): Promise<void> {
    return this.#comparison.now();
  }

  /** What was seen last is held against what is accepted now. */
  settle(): ReturnType<Comparison["settle"]> {
    return this.#comparison.settle();
  }

  /** What the server offers now; connects for that alone where nothing else does. */
  async look(host: BackendHost): Promise<LockedUpstream> {
    this.#host ??= host;
    await this.#open();
    try {
      return await this.#now();
    } catch (error) {
      this.#comparison.failed(error);
      throw error;
    } finally {
      await this.stop();
    }
  }

  follow(uris: ReadonlySet<string>): Promise<void> {
    return this.#connection.follow(uris);
  }

  async #open(): Promise<UpstreamConnection> {
    try {
      return await this.#connection.open();
    } catch (error) {
      this.#comparison.failed(error);
      throw error;
    }
  }

  #hear(change: UpstreamChange): void {
    if (change.kind === "resource") this.#options.onResource(change.uri);
    else if (change.kind !== "down") this.#comparison.ask();
  }

  async #now(): Promise<LockedUpstream> {
    const { upstream, address } = this.#options;
    const connection = await this.#connection.current;
    if (connection === undefined) throw new Error(`${upstream} is closed`);
    const discovery = knownSecrets.maskIn(await connection.discover(AbortSignal.timeout(DISCOVERY_MS)), maskedText);
    this.#note(discovery.unheld);
    return toLocked(discovery, address);
  }

  #note(unheld: Discovery["unheld"]): void {
    const isNews = JSON.stringify(unheld) !== JSON.stringify(this.#unheld);
    this.#unheld = unheld;
    if (!isNews || unheld.length === 0) return;
    const { upstream, log } = this.#options;
    const [first, ...others] = unheld.map(({ name, why }) => `${name}: ${why}`);
    log().warn("something of an upstream cannot be held to anything, and counts as not offered", {
      upstream,
      what: first,
      ...(others.length > 0 && { others: others.length }),
      next: `callgate upstreams show ${upstream}`,
    });
  }
}
