import { randomUUID } from "node:crypto";
import { networkOf } from "../../limits/network.ts";
import type { Host, Presented } from "../exchange.ts";
import { Session } from "./session.ts";
import { parseSessionId, type SessionFacts, type SessionSealer, toSessionId } from "./session-id.ts";

/** Times in milliseconds. */
export interface SessionLimits {
  /** Sessions in memory, for one subject (or network, of strangers) and for all. */
  readonly perCaller: number;
  readonly total: number;
  /**
   * After this time without use a session leaves memory. Its id stays good, and the log level is the first one again;
   * one that watches resources ends, so that its client is told to begin anew and to subscribe again.
   */
  readonly idleMs: number;
  /** An id is good for this long. */
  readonly lifeMs: number;
}

export const defaultSessionLimits: SessionLimits = {
  perCaller: 256,
  total: 2_000,
  idleMs: 30 * 60_000,
  lifeMs: 24 * 3_600_000,
};

const mostEnded = 10_000;
const sweepMs = 60_000;

export interface SessionsOptions {
  readonly host: Host;
  readonly sealer: SessionSealer;
  readonly limits: SessionLimits;
  readonly clock: () => number;
}

/** A client at the door: who it is, where it comes from, and which endpoint it wants. */
export interface Visitor {
  /** Undefined for a stranger. */
  readonly subject: string | undefined;
  readonly presented: Presented;
  readonly endpoint: string | undefined;
}

/** The sessions in this process. Their ids carry all that is needed to take them up again, here or elsewhere. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** By id, the one that was not used for longest first. */
  readonly #live = new Map<string, Session>();
  readonly #takingUp = new Map<string, Promise<Session | undefined>>();
  readonly #perCaller = new Map<string, number>();
  readonly #callers = new WeakMap<Session, string>();
  readonly #ended = new Set<string>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#sweeping = setInterval(() => this.#sweep(), Math.min(sweepMs, options.limits.idleMs)).unref();
  }

  get size(): number {
    return this.#live.size;
  }

  /** A new session that nobody can reach yet. */
  create({ subject: holder, endpoint }: Visitor): Session {
    return new Session(this.#options.host, { holder, endpoint, now: this.#options.clock() });
  }

  /**
   * Gives a session its id, and keeps it. Undefined where the client says too much of itself for an id, or where all
   * sessions that this caller may have, or all together, are in use.
   */
  admit(
    session: Session,
    client: Pick<SessionFacts, "clientInfo" | "capabilities">,
    visitor: Visitor,
  ): string | undefined {
    const { sealer, limits, clock } = this.#options;
    const facts: SessionFacts = {
      nonce: randomUUID(),
      expiresAt: clock() + limits.lifeMs,
      holder: session.holder,
      endpoint: session.endpoint,
      revision: session.peer.revision ?? "",
      ...client,
    };
    const id = toSessionId(sealer, facts);
    return id !== undefined && this.#keep(id, session, visitor) ? id : undefined;
  }

  /** The session of this id, if it is this visitor's; taken up from the id where this process does not know it. */
  async find(id: string, visitor: Visitor): Promise<Session | undefined> {
    const session = this.#live.get(id) ?? (await this.#takeUp(id, visitor));
    if (session === undefined) return undefined;
    if (session.holder !== visitor.subject || session.endpoint !== visitor.endpoint) return undefined;
    session.usedAt = this.#options.clock();
    if (this.#live.delete(id)) this.#live.set(id, session);
    return session;
  }

  /** Ends a session for good, in this process. */
  async end(id: string): Promise<void> {
    const [oldest] = this.#ended;
    if (oldest !== undefined && this.#ended.size >= mostEnded) this.#ended.delete(oldest);
    this.#ended.add(id);
    await this.#drop(id);
  }

  /** Lets what runs finish for `graceMs`, then closes every session. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#live.values()].map((session) => session.drain(graceMs)));
    await Promise.all([...this.#live.keys()].map((id) => this.#drop(id)));
  }

  /** Takes it up once, for however many requests come with its id at the same time. */
  async #takeUp(id: string, visitor: Visitor): Promise<Session | undefined> {
    const facts = this.#factsOf(id, visitor);
    if (facts === undefined) return undefined;
    let taking = this.#takingUp.get(id);
    if (taking === undefined) {
      taking = this.#restore(id, visitor, facts).finally(() => this.#takingUp.delete(id));
      this.#takingUp.set(id, taking);
    }
    return await taking;
  }

  #factsOf(id: string, visitor: Visitor): SessionFacts | undefined {
    const { sealer, clock } = this.#options;
    if (this.#ended.has(id)) return undefined;
    const facts = parseSessionId(sealer, id);
    if (facts === undefined || facts.expiresAt <= clock()) return undefined;
    return facts.holder === visitor.subject && facts.endpoint === visitor.endpoint ? facts : undefined;
  }

  async #restore(id: string, visitor: Visitor, facts: SessionFacts): Promise<Session | undefined> {
    const session = this.create(visitor);
    const { revision: protocolVersion, clientInfo, capabilities } = facts;
    await session.initialize({ protocolVersion, clientInfo, capabilities });
    return this.#keep(id, session, visitor) ? session : undefined;
  }

  #keep(id: string, session: Session, visitor: Visitor): boolean {
    const caller = callerOf(visitor);
    const { perCaller, total } = this.#options.limits;
    const mine = this.#perCaller.get(caller) ?? 0;
    if (mine >= perCaller && !this.#makeRoom((other) => this.#callers.get(other) === caller)) return false;
    if (this.#live.size >= total && !this.#makeRoom(() => true)) return false;
    this.#live.set(id, session);
    this.#callers.set(session, caller);
    this.#perCaller.set(caller, (this.#perCaller.get(caller) ?? 0) + 1);
    return true;
  }

  /** The oldest idle one goes; among them those first that lose nothing by it. */
  #makeRoom(fits: (session: Session) => boolean): boolean {
    let watching: string | undefined;
    for (const [id, session] of this.#live) {
      if (!session.idle || !fits(session)) continue;
      if (session.watching) {
        watching ??= id;
        continue;
      }
      void this.#drop(id);
      return true;
    }
    if (watching !== undefined) void this.end(watching);
    return watching !== undefined;
  }

  async #drop(id: string): Promise<void> {
    const session = this.#live.get(id);
    if (session === undefined) return;
    this.#live.delete(id);
    const caller = this.#callers.get(session) ?? "";
    const left = (this.#perCaller.get(caller) ?? 1) - 1;
    if (left === 0) this.#perCaller.delete(caller);
    else this.#perCaller.set(caller, left);
    await session.close();
  }

  #sweep(): void {
    const since = this.#options.clock() - this.#options.limits.idleMs;
    for (const [id, session] of this.#live) {
      if (session.idle && session.usedAt <= since) void (session.watching ? this.end(id) : this.#drop(id));
    }
  }
}

/** Strangers are counted by the network that they come from: they have nothing else of their own. */
function callerOf({ subject, presented }: Visitor): string {
  return subject === undefined ? `address ${networkOf(presented.remoteAddress)}` : `subject ${subject}`;
}
