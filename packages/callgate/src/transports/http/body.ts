import type { IncomingMessage } from "node:http";

export interface BodyLimits {
  readonly maxBytes: number;
  /** Bytes of bodies that arrive in pieces, over all requests of a server. */
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
  #first: Buffer | undefined;
  #pieces: Buffer[] | undefined;
  #size = 0;
  refused = false;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
  }

  take(chunk: Buffer): BodyRefusal | undefined {
    if (this.refused) return undefined;
    const { maxBytes, pending } = this.#limits;
    if (this.#size + chunk.length > maxBytes) return this.#refuse("too_large");
    this.#size += chunk.length;
    if (this.#first === undefined) {
      this.#first = chunk;
      return undefined;
    }
    if (this.#pieces === undefined) {
      this.#pieces = [this.#first];
      pending.held += this.#first.length;
      this.#request.once("close", () => this.#release());
    }
    this.#pieces.push(chunk);
    pending.held += chunk.length;
    return pending.held > pending.most ? this.#refuse("overloaded") : undefined;
  }

  bytes(): Buffer {
    return this.#pieces === undefined ? (this.#first ?? empty) : Buffer.concat(this.#pieces, this.#size);
  }

  #refuse(why: BodyRefusal): BodyRefusal {
    this.refused = true;
    this.#release();
    this.#first = undefined;
    return why;
  }

  #release(): void {
    if (this.#pieces === undefined) return;
    this.#limits.pending.held -= this.#size;
    this.#pieces = undefined;
  }
}
