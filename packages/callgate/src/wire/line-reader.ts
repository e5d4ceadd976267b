const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Cuts a stream of bytes into lines, and tells when one grows beyond its limit. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #onLine: (line: Buffer) => void;
  #pieces: Buffer[] = [];
  #held = 0;

  constructor(maxBytes: number, onLine: (line: Buffer) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  /** Takes what came; false where a line has outgrown the limit and reading on makes no sense. */
  take(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      if (!this.#hold(chunk.subarray(from, end))) return false;
      this.#emit();
      from = end + 1;
    }
    return this.#hold(chunk.subarray(from));
  }

  /** The stream has ended: what stands after the last line feed is a line too. */
  flush(): void {
    this.#emit();
  }

  #hold(piece: Buffer): boolean {
    this.#held += piece.length;
    if (this.#held > this.#maxBytes) return false;
    if (piece.length > 0) this.#pieces.push(piece);
    return true;
  }

  #emit(): void {
    const [first] = this.#pieces;
    const whole = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#held);
    this.#pieces = [];
    this.#held = 0;
    const line = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
    if (line.length > 0) this.#onLine(line);
  }
}
