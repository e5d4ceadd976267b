/**
 * Milliseconds of one turn of the event loop that go to requests; further ones wait for a later turn. A turn takes one
 * new connection, so turns must be many.
 */
const TURN_MS = 5;
/** While connections come in one after the other, requests get a turn only so often, in milliseconds. */
const CONNECTIONS_FIRST_MS = 10;
/** A line stands once it has not been gone for so long, in milliseconds and in turns: one that a single hold-up has made is worked off. */
const STANDS_AFTER_MS = 1_000;
const STANDS_AFTER_TURNS = 20;
/** Nobody joins a standing line whose first has waited for so long. */
const FULL_AFTER_MS = 250;
/** Who has waited for so long in a standing line is refused instead of served: the client may have given up, and others are waiting. */
const STALE_AFTER_MS = 1_000;
const MOST_WAITING = 4_096;
/** Bytes of bodies in line, where nothing else is said. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
/** Requests of one turn that may begin out of the queue; the clock ends most turns before. */
const MOST_A_TURN = 32;

/** A place in line, empty once its request has been taken: a request keeps its body. */
type Place = { readonly since: number; readonly request: WaitingRequest } | undefined;

/** A request that has arrived and has not begun. */
export interface WaitingRequest {
  /** Of its body, which is kept while it waits. */
  readonly bytes: number;
  /** Whether anybody still wants the answer. */
  isWanted(): boolean;
  begin(): void;
  refuse(): void;
}

export interface TurnsOptions {
  /** Bytes of bodies that may wait in line; 64 MiB unless said otherwise. */
  readonly mostBytes?: number;
  readonly clock?: () => number;
  readonly nextTurn?: (work: () => void) => void;
}

/**
 * Lets requests begin only as fast as they are worked off. While there is nothing to wait for, each begins as it comes.
 * When more come than can be served they wait in line for a moment, then are refused, so that whoever is let in is
 * answered soon, and the event loop gets round to what waits for nobody: health checks, answers, signals.
 */
export class Turns {
  readonly #mostBytes: number;
  readonly #clock: () => number;
  readonly #nextTurn: (work: () => void) => void;
  #waiting: Place[] = [];
  #head = 0;
  #bytes = 0;
  #lineSince = 0;
  #lineTurns = 0;
  #turnStartedAt = 0;
  #isTurn = false;
  #hasConnection = false;

  constructor({ mostBytes, clock, nextTurn }: TurnsOptions = {}) {
    this.#mostBytes = mostBytes ?? MOST_WAITING_BYTES;
    this.#clock = clock ?? (() => performance.now());
    this.#nextTurn = nextTurn ?? ((work) => void setImmediate(work));
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /** A connection has come in: others may stand behind it, and who only wants to know whether the gate is well among them. */
  connected(): void {
    this.#hasConnection = this.waiting > 0;
  }

  /** Whether a request that has come may begin now. */
  mayBegin(): boolean {
    if (this.waiting > 0) return false;
    const now = this.#clock();
    if (this.#isTurn) return now - this.#turnStartedAt < TURN_MS;
    this.#isTurn = true;
    this.#turnStartedAt = now;
    this.#nextTurn(this.#endTurn);
    return true;
  }

  /** Lets it wait; false where it would have to wait too long, or too much waits already, and it is to be refused. */
  wait(request: WaitingRequest): boolean {
    const now = this.#clock();
    const first = this.#waiting[this.#head];
    if (first === undefined) {
      this.#lineSince = now;
      this.#lineTurns = 0;
    } else if (this.waiting >= MOST_WAITING || this.#bytes + request.bytes > this.#mostBytes) return false;
    else if (now - first.since > FULL_AFTER_MS && this.#stands(now)) return false;
    this.#bytes += request.bytes;
    this.#waiting.push({ since: now, request });
    return true;
  }

  readonly #endTurn = (): void => {
    if (this.waiting === 0) {
      this.#isTurn = false;
      return;
    }
    const now = this.#clock();
    const isForConnections = this.#hasConnection && now - this.#turnStartedAt < CONNECTIONS_FIRST_MS;
    this.#hasConnection = false;
    if (isForConnections) return this.#nextTurn(this.#endTurn);
    this.#lineTurns += 1;
    // Each in a callback of its own: what a request goes on with by itself has happened before the next one looks at the clock.
    this.#nextTurn(this.#beginFirst);
    const most = Math.min(this.waiting, MOST_A_TURN);
    for (let index = 1; index < most; index += 1) this.#nextTurn(this.#beginOne);
    this.#nextTurn(this.#endTurn);
  };

  readonly #beginFirst = (): void => {
    this.#turnStartedAt = this.#clock();
    this.#beginOne();
  };

  readonly #beginOne = (): void => {
    const now = this.#clock();
    if (now - this.#turnStartedAt >= TURN_MS) return;
    for (;;) {
      const next = this.#take();
      if (next === undefined) return;
      if (!next.request.isWanted()) continue;
      if (now - next.since > STALE_AFTER_MS && this.#stands(now)) return next.request.refuse();
      return next.request.begin();
    }
  };

  #stands(now: number): boolean {
    return this.#lineTurns >= STANDS_AFTER_TURNS && now - this.#lineSince > STANDS_AFTER_MS;
  }

  #take(): Place {
    const next = this.#waiting[this.#head];
    if (next === undefined) return undefined;
    this.#waiting[this.#head] = undefined;
    this.#bytes -= next.request.bytes;
    this.#head += 1;
    if (this.#head >= this.#waiting.length || this.#head > MOST_WAITING) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return next;
  }
}
