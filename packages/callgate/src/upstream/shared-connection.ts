import type { MaybePromise } from "../define/maybe-promise.ts";
import type { UpstreamChange, UpstreamConnection } from "./connection.ts";

/** What befalls a connection while somebody uses it. */
interface Hearing {
  readonly onChange: (change: UpstreamChange) => void;
  readonly onTime: () => void;
  readonly everyMs: number;
}

/** One connection to a server for all who use it: opened for the first of them, closed by the last. */
export class SharedConnection {
  readonly #connect: () => MaybePromise<UpstreamConnection>;
  readonly #hearing: Hearing;
  #current: Promise<UpstreamConnection> | undefined;
  #followed: ReadonlySet<string> = new Set();
  #uses = 0;
  #ends: (() => void) | undefined;

  constructor(connect: () => MaybePromise<UpstreamConnection>, hearing: Hearing) {
    this.#connect = connect;
    this.#hearing = hearing;
  }

  /** Undefined while nobody uses it. */
  get current(): Promise<UpstreamConnection> | undefined {
    return this.#current;
  }

  /** One that cannot be opened has not been: it is tried anew by the next. */
  async open(): Promise<UpstreamConnection> {
    this.#uses += 1;
    const opening = (this.#current ??= this.#begin());
    try {
      return await opening;
    } catch (error) {
      this.#uses -= 1;
      if (this.#current === opening) this.#current = undefined;
      throw error;
    }
  }

  /** Once for each `open`. */
  async close(): Promise<void> {
    this.#uses -= 1;
    if (this.#uses > 0) return;
    const current = this.#current;
    this.#current = undefined;
    this.#ends?.();
    await (await current)?.close();
  }

  /** As of the connection: of the one there is, and of those to come. */
  async follow(uris: ReadonlySet<string>): Promise<void> {
    this.#followed = uris;
    const connection = await this.#current?.catch(() => undefined);
    await connection?.follow(this.#followed);
  }

  async #begin(): Promise<UpstreamConnection> {
    const connection = await this.#connect();
    const unlisten = connection.onChange(this.#hearing.onChange);
    if (this.#followed.size > 0) void connection.follow(this.#followed);
    const timer = setInterval(this.#hearing.onTime, this.#hearing.everyMs).unref();
    this.#ends = () => {
      unlisten();
      clearInterval(timer);
    };
    return connection;
  }
}
