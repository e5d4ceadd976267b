import type { CallLog } from "../define/context.ts";
import type { UpstreamConnection } from "./connection.ts";
import type { UpstreamCredential } from "./credential.ts";
import { Door } from "./http/door.ts";
import { LegacyLink } from "./http/legacy-link.ts";
import { ModernLink } from "./http/modern-link.ts";
import { Poster } from "./http/poster.ts";
import { ManagedConnection, type SessionEvents } from "./managed-connection.ts";
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
  /** Requests at the same time, each on a socket of its own; four times as many wait. 64 unless said otherwise. */
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
  const { name, url, credential, log, connections = 64 } = options;
  const door = new Door({
    name,
    url,
    connections: connections + SPARE_SOCKETS,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    headersTimeoutMs: options.headersTimeoutMs ?? FIVE_MINUTES,
    maxMessageBytes: options.maxMessageBytes ?? 16 << 20,
  });
  const poster = new Poster({ name, door, credential, log });
  const idleMs = options.idleTimeoutMs ?? FIVE_MINUTES;
  return new ManagedConnection({
    name,
    most: connections,
    mostWaiting: connections * 4,
    tries: new Tries(LONGEST_DELAY_MS),
    open: (events, closing) => open({ name, poster, idleMs, log, events }, closing),
    close: async () => {
      await door.close();
      await credential?.close?.();
    },
  });
}

interface Opening {
  readonly name: string;
  readonly poster: Poster;
  readonly idleMs: number;
  readonly log: CallLog;
  readonly events: SessionEvents;
}

/** Finds the server's era, anew for each session: behind one address another version may have come in its place. */
async function open(opening: Opening, closing: AbortSignal): Promise<Session> {
  const limit = timeLimit(closing, OPEN_MS);
  try {
    return (await openModern(opening, limit.signal)) ?? (await openOld(opening, limit.signal));
  } finally {
    limit.end();
  }
}

/** Undefined where the server is an old one. */
async function openModern(
  { name, poster, idleMs, log, events }: Opening,
  signal: AbortSignal,
): Promise<Session | undefined> {
  let session: ModernSession | undefined;
  const link = new ModernLink({
    name,
    poster,
    idleMs,
    onEnd: (error) => {
      // Its streams would begin again beside those of the next.
      void session?.close();
      events.onEnd(error);
    },
  });
  try {
    const discovered = await askDiscover(link, signal);
    if (!speaksModern(discovered)) return undefined;
    link.agree();
    session = new ModernSession({ name, link, discovered, onChange: events.onChange, log });
    session.listen();
    return session;
  } catch (error) {
    if (isOldServer(error)) return undefined;
    throw error;
  }
}

async function openOld({ name, poster, log, events }: Opening, signal: AbortSignal): Promise<Session> {
  let session: LegacySession | undefined;
  const link = new LegacyLink({
    name,
    poster,
    events: { aside: (said) => session?.aside(said), ended: (error) => events.onEnd(error) },
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
