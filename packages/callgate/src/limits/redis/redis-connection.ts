import type { CallLog } from "../../define/context.ts";
import { within } from "../within.ts";
import type { RedisAddress } from "./redis-address.ts";
import type { RedisLink } from "./redis-link.ts";
import type { Script } from "./scripts.ts";

export interface RedisConnectionOptions {
  readonly address: RedisAddress;
  /** Milliseconds that one script has. */
  readonly timeoutMs: number;
  readonly log: CallLog;
  /** What is said to Redis first; only then is the connection used by others. */
  readonly greet: (run: RedisLink["run"]) => Promise<void>;
}

interface ScriptInput {
  readonly keys: readonly string[];
  readonly given: readonly string[];
}

type Client = Awaited<ReturnType<typeof newClient>>;

const CONNECT_MS = 1_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
/** One that is lost sooner is slow rather than gone: it is tried no more often than before, and told of as seldom. */
const STEADY_MS = 10_000;

/**
 * One connection to Redis, made anew whenever it fails: an error, or an answer that does not come in time, ends it, so
 * that a Redis that hangs costs those calls alone that are under way.
 */
export class RedisConnection implements RedisLink {
  readonly #options: RedisConnectionOptions;
  #client: Client | undefined;
  #isUp = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #awaySince: number | undefined;
  #upSince = 0;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Tries to connect, for two seconds at most, and goes on trying. Rejects only where Redis refuses who comes. */
  async open(): Promise<void> {
    const { address } = this.#options;
    const error = await this.#connect();
    if (error === undefined)
      this.#options.log.info("rates are counted with other replicas", { redis: address.location });
    else if (isRefusal(error)) {
      this.close();
      throw new Error(`Redis at ${address.location} refuses this gate: ${wordsOf(error)}`, { cause: error });
    }
  }

  async run(script: Script, keys: readonly string[], given: readonly string[]): Promise<unknown> {
    if (!this.#isUp || this.#client === undefined) throw new Error("Redis is away");
    return this.#runOn(this.#client, script, { keys, given });
  }

  close(): void {
    this.#closed = true;
    this.#isUp = false;
    clearTimeout(this.#retry);
    this.#client?.destroy();
    this.#client = undefined;
  }

  async #connect(): Promise<Error | undefined> {
    const client = await newClient(this.#options.address.url);
    if (this.#closed) return undefined;
    this.#client = client;
    client.on("error", (error: Error) => this.#lose(client, error));
    try {
      await within(CONNECT_MS, () => client.connect());
      await this.#options.greet((script, keys, given) => this.#runOn(client, script, { keys, given }));
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      this.#lose(client, problem);
      return problem;
    }
    if (this.#client === client) this.#up();
    return undefined;
  }

  async #runOn(client: Client, script: Script, { keys, given }: ScriptInput): Promise<unknown> {
    const asked = evaluate(client, script, [String(keys.length), ...keys, ...given]);
    try {
      return await inTime(this.#options.timeoutMs, asked);
    } catch (error) {
      this.#lose(client, error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #up(): void {
    this.#isUp = true;
    this.#upSince = performance.now();
    if (this.#awaySince === undefined) return;
    this.#options.log.warn("Redis is back: rates are counted with other replicas again", {
      awayMs: Math.round(performance.now() - this.#awaySince),
    });
    this.#awaySince = undefined;
  }

  #lose(client: Client, error: Error): void {
    if (this.#client !== client) return;
    if (this.#isUp && performance.now() - this.#upSince > STEADY_MS) this.#retryMs = FIRST_RETRY_MS;
    this.#client = undefined;
    this.#isUp = false;
    client.destroy();
    if (this.#closed) return;
    if (this.#awaySince === undefined) {
      this.#awaySince = performance.now();
      this.#options.log.error("Redis is away: this replica keeps to its own part of every rate", {
        redis: this.#options.address.location,
        error: wordsOf(error),
      });
    }
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs).unref();
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }
}

async function newClient(url: string) {
  const { createClient } = await import("@redis/client");
  return createClient({
    url,
    name: "callgate",
    disableClientInfo: true,
    maintNotifications: "disabled",
    socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false },
  });
}

/** A Redis that has lost its scripts, or has not had them yet, is given this one with the call. */
async function evaluate(client: Client, { sha, text }: Script, rest: readonly string[]): Promise<unknown> {
  try {
    return await client.sendCommand(["EVALSHA", sha, ...rest]);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return client.sendCommand(["EVAL", text, ...rest]);
  }
}

async function inTime<Value>(ms: number, asked: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  // Where this process itself stood still the answer may have come already: what has come in is read first.
  const timer = setTimeout(() => setImmediate(() => late.reject(new Error(`no answer within ${ms} ms`))), ms);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isRefusal(error: Error): boolean {
  return /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(error.message);
}

/** An address with several names fails once for each, and the error of all of them says nothing. */
function wordsOf(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return error.message || (first instanceof Error ? first.message : "") || error.name;
}
