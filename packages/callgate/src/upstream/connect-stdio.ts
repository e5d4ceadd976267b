import type { CallLog } from "../define/context.ts";
import type { JsonObject } from "../wire/exchange.ts";
import type { UpstreamConnection } from "./connection.ts";
import { ManagedConnection, type SessionEvents } from "./managed-connection.ts";
import { askDiscover } from "./session/ask-discover.ts";
import { changeOf } from "./session/change-of.ts";
import { isOldServer, speaksModern } from "./session/era.ts";
import { shakeHands } from "./session/legacy-handshake.ts";
import { LegacySession, type LegacySessionOptions } from "./session/legacy-session.ts";
import type { Said } from "./session/link.ts";
import { ModernSession } from "./session/modern-session.ts";
import { OnlyCall } from "./session/only-call.ts";
import type { Session } from "./session/session.ts";
import { timeLimit } from "./session/time-limit.ts";
import { LineLink } from "./stdio/line-link.ts";
import { refuseUnpinned } from "./stdio/refuse-unpinned.ts";
import { Tries } from "./tries.ts";
import { UpstreamError } from "./upstream-error.ts";

export interface ConnectStdioOptions {
  readonly name: string;
  /** Run without a shell. */
  readonly command: string;
  readonly args?: readonly string[];
  /** What the child gets beside `PATH`, `HOME` and the like; nothing else of the gate's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly log: CallLog;
  /** How long it may take from its start to its first answer. 60 seconds unless said otherwise: some are downloaded first. */
  readonly startTimeoutMs?: number;
  /** Requests at the same time; four times as many wait. 64 unless said otherwise. */
  readonly concurrency?: number;
  /** 16 MiB unless said otherwise. */
  readonly maxMessageBytes?: number;
  /** What it hears where it asks for roots; `none` unless said otherwise. */
  readonly roots?: LegacySessionOptions["roots"];
  /** How it went before, over other connections to this server: a program that ends at once is not started all the time. */
  readonly tries?: Tries;
}

/**
 * How long a server is given to say something to `server/discover`. Some old ones never answer what they do not know: then
 * it is spoken to in the old way.
 */
const PROBE_MS = 15_000;

/**
 * A server that runs as a child of this process: started when it is first needed, and again when it has ended. Throws a
 * `DefinitionError` where the command would run whatever version of a package is the newest.
 */
export function connectStdio(options: ConnectStdioOptions): UpstreamConnection {
  const { name, concurrency = 64, tries = new Tries() } = options;
  refuseUnpinned(options.command, options.args ?? [], { domain: name });
  return new ManagedConnection({
    name,
    most: concurrency,
    mostWaiting: concurrency * 4,
    tries,
    open: (events, closing) => open(options, events, closing),
  });
}

async function open(options: ConnectStdioOptions, events: SessionEvents, closing: AbortSignal): Promise<Session> {
  const limit = timeLimit(closing, options.startTimeoutMs ?? 60_000);
  const { signal } = limit;
  const first = new Start(options, events);
  try {
    const probed = await first.probe(signal);
    if (probed !== "ended") return await first.begin(probed, signal);
    // Some old servers end when the first message is not the one that they expect.
    const second = new Start(options, events);
    return await second.begin("old", signal).catch(async (error: unknown) => {
      await second.link.close();
      throw error;
    });
  } catch (error) {
    await first.link.close();
    throw error;
  } finally {
    limit.end();
  }
}

/** One start of the child, and the session that comes of it. */
class Start {
  readonly link: LineLink;
  readonly #name: string;
  readonly #log: CallLog;
  readonly #roots: LegacySessionOptions["roots"];
  readonly #events: SessionEvents;
  #session: LegacySession | ModernSession | undefined;
  #isOpen = false;

  constructor(
    { name, command, args = [], env = {}, cwd, log, maxMessageBytes = 16 << 20, roots = "none" }: ConnectStdioOptions,
    events: SessionEvents,
  ) {
    this.#name = name;
    this.#log = log;
    this.#roots = roots;
    this.#events = events;
    this.link = new LineLink(
      { name, command, args, env, cwd, log, maxMessageBytes },
      {
        aside: (said) => this.#aside(said),
        ended: (error) => {
          if (this.#isOpen) events.onEnd(error);
        },
      },
    );
  }

  /** What `server/discover` tells of the era; `ended` where the child did not survive it. */
  async probe(signal: AbortSignal): Promise<JsonObject | "old" | "ended"> {
    const limit = timeLimit(signal, PROBE_MS);
    const { signal: probing } = limit;
    try {
      const discovered = await askDiscover(this.link, probing);
      return speaksModern(discovered) ? discovered : "old";
    } catch (error) {
      if (isOldServer(error) || (probing.aborted && !signal.aborted)) return "old";
      if (!signal.aborted && error instanceof UpstreamError && error.fault.kind === "unreachable") return "ended";
      throw error;
    } finally {
      limit.end();
    }
  }

  async begin(discovered: JsonObject | "old", signal: AbortSignal): Promise<Session> {
    const { link } = this;
    const [name, log] = [this.#name, this.#log];
    const { onChange } = this.#events;
    if (discovered !== "old") {
      this.#isOpen = true;
      const session = new ModernSession({ name, link, discovered, onChange, log, only: new OnlyCall() });
      this.#session = session;
      session.listen();
      return session;
    }
    const handshake = await shakeHands(name, link, signal);
    const session = new LegacySession({ name, link, handshake, onChange, log, roots: this.#roots });
    this.#session = session;
    await session.begin(signal);
    this.#isOpen = true;
    return session;
  }

  #aside(said: Said): void {
    if (this.#session !== undefined) return this.#session.aside(said);
    const change = changeOf(said);
    if (change !== undefined) this.#events.onChange(change);
  }
}
