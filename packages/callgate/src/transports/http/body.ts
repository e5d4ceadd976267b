import type { IncomingMessage } from "node:http";

export interface BodyLimits {
  readonly maxBytes: number;
  /** Bytes of bodies that have begun to arrive and have not ended, over all requests of a server. */
  readonly pending: { held: number; readonly most: number };
}

export type BodyRefusal = "too_large" | "overloaded";

const empty = Buffer.alloc(0);

/**
 * Reads a body and calls back once: with the bytes, or with why they are not taken. Never calls back for a client that
 * goes away in the middle.
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  done: (body: Buffer | BodyRefusal) => void,
): void {
  const body = new Body(request, limits);
  request.on("data", (chunk: Buffer) => {
    const refusal = body.take(chunk);
    if (refusal !== undefined) done(refusal);
  });
  request.on("end", () => {
    if (!body.refused) done(body.bytes());
  });
}

class Body {
  readonly #request: IncomingMessage;
  readonly #limits: BodyLimits;
  /** The length that the client has announced; NaN where it sends chunks. */
  readonly #announced: number;
  /** The body where it came in one piece, as most do; nothing of it waits, so nothing of it is counted. */
  #whole: Buffer | undefined;
  #pieces: Buffer[] | undefined;
  #size = 0;
  refused = false;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
    this.#announced = Number(request.headers["content-length"]);
  }

  take(chunk: Buffer): BodyRefusal | undefined {
    if (this.refused) return undefined;
    const { maxBytes, pending } = this.#limits;
    if (this.#size + chunk.length > maxBytes) return this.#refuse("too_large");
    this.#size += chunk.length;
    if (chunk.length === this.#announced) {
      this.#whole = chunk;
      return undefined;
    }
    if (this.#pieces === undefined) {
      this.#pieces = [];
      this.#request.once("close", () => this.#release());
    }
    this.#pieces.push(chunk);
    pending.held += chunk.length;
    return pending.held > pending.most ? this.#refuse("overloaded") : undefined;
  }

  bytes(): Buffer {
    return this.#pieces === undefined ? (this.#whole ?? empty) : Buffer.concat(this.#pieces, this.#size);
  }

  #refuse(why: BodyRefusal): BodyRefusal {
    this.refused = true;
    this.#release();
    return why;
  }

  #release(): void {
    if (this.#pieces === undefined) return;
    this.#limits.pending.held -= this.#size;
    this.#pieces = undefined;
  }
}
