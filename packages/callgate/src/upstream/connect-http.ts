import type { CallLog } from "../define/context.ts";
import type { UpstreamConnection } from "./connection.ts";
import type { UpstreamCredential } from "./credential.ts";
import { Door } from "./http/door.ts";
import { LegacyLink } from "./http/legacy-link.ts";
import { ModernLink } from "./http/modern-link.ts";
import { Poster } from "./http/poster.ts";
import { isForgotten, ManagedConnection, type SessionEvents } from "./managed-connection.ts";
import { askDiscover } from "./session/ask-discover.ts";
import { isOldServer, speaksModern } from "./session/era.ts";
import { shakeHands } from "./session/legacy-handshake.ts";
import { LegacySession } from "./session/legacy-session.ts";
import { ModernSession } from "./session/modern-session.ts";
import type { Session } from "./session/session.ts";
import { timeLimit } from "./session/time-limit.ts";
import { Tries } from "./tries.ts";

export interface ConnectHttpOptions {
  readonly name: string;
  /** `https:` or `http:`, without a credential in it. Redirects are not followed. */
  readonly url: string;
  /** What the server is shown; nothing that a client presents ever goes there. */
  readonly credential?: UpstreamCredential;
  /** Requests at the same time, each on a socket of its own; four times as many wait. 32 unless said otherwise. */
  readonly connections?: number;
  /** Until a socket is open, TLS included. 5 seconds unless said otherwise. */
  readonly connectTimeoutMs?: number;
  /** Until the answer begins, beside each call's own deadline. 5 minutes unless said otherwise. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of an answer. 5 minutes unless said otherwise. */
  readonly idleTimeoutMs?: number;
  /** 16 MiB unless said otherwise. */
  readonly maxMessageBytes?: number;
  readonly log: CallLog;
}

const FIVE_MINUTES = 5 * 60_000;
/** A try costs a socket, and whoever deploys anew is back within seconds. */
const LONGEST_DELAY_MS = 1_000;
/** Until the server's era is known. */
const OPEN_MS = 20_000;
/** For a subscription, the cancelling of calls and the answers to what an old server asks. */
const SPARE_SOCKETS = 8;

/** A server over Streamable HTTP, of whichever era. Throws a `DefinitionError` for an address that is none. */
export function connectHttp(options: ConnectHttpOptions): UpstreamConnection {
  const { name, url, credential, log, connections = 32 } = options;
  const door = new Door({
    name,
    url,
    connections: connections + SPARE_SOCKETS,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    headersTimeoutMs: options.headersTimeoutMs ?? FIVE_MINUTES,
    maxMessageBytes: options.maxMessageBytes ?? 16 << 20,
  });
  const poster = new Poster({ name, door, credential, log });
  const openings = new Openings({ name, poster, idleMs: options.idleTimeoutMs ?? FIVE_MINUTES, log });
  return new ManagedConnection({
    name,
    most: connections,
    mostWaiting: connections * 4,
    tries: new Tries(LONGEST_DELAY_MS),
    open: (events, closing) => openings.open(events, closing),
    close: async () => {
      await door.close();
      await credential?.close?.();
    },
  });
}

interface OpeningOptions {
  readonly name: string;
  readonly poster: Poster;
  readonly idleMs: number;
  readonly log: CallLog;
}

/** Finds the server's era, and remembers an old one until the server was away: what comes back may be a new version. */
class Openings {
  readonly #options: OpeningOptions;
  #isOld = false;

  constructor(options: OpeningOptions) {
    this.#options = options;
  }

  async open(events: SessionEvents, closing: AbortSignal): Promise<Session> {
    const limit = timeLimit(closing, OPEN_MS);
    try {
      return await this.#openWithin(events, limit.signal);
    } finally {
      limit.end();
    }
  }

  async #openWithin(events: SessionEvents, signal: AbortSignal): Promise<Session> {
    if (this.#isOld) return this.#openOld(events, signal);
    const { name, poster, idleMs, log } = this.#options;
    let session: ModernSession | undefined;
    const link = new ModernLink({
      poster,
      idleMs,
      onAway: (error) => {
        // Its streams would begin again beside those of the next.
        void session?.close();
        events.onEnd(error);
      },
    });
    try {
      const discovered = await askDiscover(link, signal);
      if (speaksModern(discovered)) {
        session = new ModernSession({ name, link, discovered, onChange: events.onChange, log });
        session.listen();
        return session;
      }
    } catch (error) {
      if (!isOldServer(error)) throw error;
    }
    const old = await this.#openOld(events, signal);
    this.#isOld = true;
    return old;
  }

  async #openOld(events: SessionEvents, signal: AbortSignal): Promise<Session> {
    const { name, poster, log } = this.#options;
    let session: LegacySession | undefined;
    const link = new LegacyLink({
      name,
      poster,
      events: {
        aside: (said) => session?.aside(said),
        ended: (error) => {
          if (!isForgotten(error)) this.#isOld = false;
          events.onEnd(error);
        },
      },
    });
    try {
      const handshake = await shakeHands(name, link, signal);
      link.agree(handshake.revision);
      session = new LegacySession({ name, link, handshake, onChange: events.onChange, log, roots: "none" });
      await session.begin(signal);
      link.listen();
      return session;
    } catch (error) {
      await link.close();
      throw error;
    }
  }
}
