const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

/** What a piece of an event costs beside its bytes. */
const PIECE_BYTES = 128;

/** What an event stream tells beside its messages. */
export interface StreamPlace {
  /** The id of the last event that was whole: where to go on after the stream has broken. */
  readonly lastEventId: string | undefined;
  /** How long to wait before that, in milliseconds. */
  readonly retryMs: number | undefined;
}

/**
 * Reads a stream of server-sent events from its bytes, in whatever pieces they come, and tells when one grows beyond its
 * limit. Events that are no messages are left out.
 */
export class EventReader {
  readonly #maxBytes: number;
  readonly #onMessage: (data: Buffer) => void;
  #pieces: Buffer[] = [];
  #data: Buffer[] = [];
  /** Bytes of the event that is not whole yet. */
  #held = 0;
  /** How many pieces they came in: lines, and chunks that are parts of one. */
  #parts = 0;
  #type = "";
  #id: string | undefined;
  #isFirstLine = true;
  #afterReturn = false;
  #lastEventId: string | undefined;
  #retryMs: number | undefined;

  constructor(maxBytes: number, onMessage: (data: Buffer) => void) {
    this.#maxBytes = maxBytes;
    this.#onMessage = onMessage;
  }

  get place(): StreamPlace {
    return { lastEventId: this.#lastEventId, retryMs: this.#retryMs };
  }

  /** Takes what came; false where an event has outgrown the limit and reading on makes no sense. */
  take(chunk: Buffer): boolean {
    let from = this.#afterReturn && chunk[0] === lineFeed ? 1 : 0;
    this.#afterReturn = false;
    const endAfter = lineEndsOf(chunk);
    for (let end = endAfter(from); end !== -1; end = endAfter(from)) {
      if (!this.#hold(chunk.subarray(from, end))) return false;
      this.#line();
      from = end + 1;
      if (chunk[end] !== carriageReturn) continue;
      if (from === chunk.length) this.#afterReturn = true;
      else if (chunk[from] === lineFeed) from += 1;
    }
    return this.#hold(chunk.subarray(from));
  }

  #hold(piece: Buffer): boolean {
    if (piece.length > 0) {
      this.#held += piece.length;
      this.#parts += 1;
      this.#pieces.push(piece);
    }
    return this.#held <= this.#maxBytes && this.#parts * PIECE_BYTES <= this.#maxBytes;
  }

  #line(): void {
    const [first] = this.#pieces;
    const whole = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
    const line = this.#isFirstLine ? withoutMark(whole) : whole;
    const parts = this.#pieces.length;
    this.#pieces = [];
    this.#isFirstLine = false;
    if (line.length === 0) return this.#dispatch();
    const at = line.indexOf(colon);
    const field = line.toString("latin1", 0, at === -1 ? line.length : at);
    const value = at === -1 ? line.subarray(line.length) : line.subarray(line[at + 1] === space ? at + 2 : at + 1);
    if (field === "data") return void this.#data.push(value);
    this.#setting(field, value.toString("utf8"));
    this.#held -= whole.length;
    this.#parts -= parts;
  }

  #setting(field: string, value: string): void {
    if (field === "event") this.#type = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d{1,9}$/.test(value)) this.#retryMs = Number(value);
  }

  #dispatch(): void {
    const data = this.#data;
    const isMessage = this.#type === "" || this.#type === "message";
    this.#lastEventId = this.#id;
    this.#data = [];
    this.#type = "";
    this.#held = 0;
    this.#parts = 0;
    const [first, second] = data;
    if (first === undefined || !isMessage) return;
    // Between two lines of data stands a line feed, which in JSON is a space.
    const whole = second === undefined ? first : Buffer.concat(data.flatMap((part) => [part, Buffer.of(lineFeed)]));
    if (whole.length > 0) this.#onMessage(whole);
  }
}

function withoutMark(line: Buffer): Buffer {
  return line.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? line.subarray(byteOrderMark.length) : line;
}

/** Finds the ends of a chunk's lines from its first to its last, -1 after that; many short ones take no longer than few. */
function lineEndsOf(chunk: Buffer): (from: number) => number {
  let feed = chunk.indexOf(lineFeed);
  let back = chunk.indexOf(carriageReturn);
  return (from) => {
    if (feed !== -1 && feed < from) feed = chunk.indexOf(lineFeed, from);
    if (back !== -1 && back < from) back = chunk.indexOf(carriageReturn, from);
    return feed === -1 || back === -1 ? Math.max(feed, back) : Math.min(feed, back);
  };
}
