import { StringDecoder } from "node:string_decoder";
import { maskedText } from "../../audit/mask.ts";
import type { CallLog } from "../../define/context.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";

const MOST_BYTES = 4_000;
const MOST_READ = 2 * MOST_BYTES;
const MOST_LINES = 100;
const WINDOW_MS = 10_000;

/** Brings what a child says on stderr into the gate's log, line by line: cut where long, counted where too many. */
export class StderrLog {
  readonly #log: CallLog;
  readonly #upstream: string;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #windowEnds = 0;
  #lines = 0;
  #dropped = 0;
  #telling: NodeJS.Timeout | undefined;

  constructor(log: CallLog, upstream: string) {
    this.#log = log;
    this.#upstream = upstream;
  }

  take(chunk: Buffer): void {
    this.#add(this.#decoder.write(chunk));
  }

  /** Nothing follows: logs what is left of the last line, and tells what was left out. */
  end(): void {
    this.#add(this.#decoder.end());
    this.#flush();
    this.#tellDropped();
  }

  #add(text: string): void {
    for (const [at, piece] of text.split("\n").entries()) {
      if (at > 0) this.#flush();
      if (this.#line.length < MOST_READ) this.#line += piece.slice(0, MOST_READ - this.#line.length);
    }
  }

  #flush(): void {
    // Before it is cut: what is left of a secret is known to nobody.
    const line = knownSecrets.mask(this.#line, maskedText).slice(0, MOST_BYTES).trimEnd();
    this.#line = "";
    if (line === "") return;
    const now = performance.now();
    if (now >= this.#windowEnds) this.#begin(now + WINDOW_MS);
    this.#lines += 1;
    if (this.#lines > MOST_LINES) this.#drop(this.#windowEnds - now);
    else this.#log.info("an upstream says on stderr", { upstream: this.#upstream, line });
  }

  #begin(ends: number): void {
    this.#tellDropped();
    this.#windowEnds = ends;
    this.#lines = 0;
  }

  #drop(windowMs: number): void {
    this.#dropped += 1;
    this.#telling ??= setTimeout(() => this.#tellDropped(), windowMs).unref();
  }

  #tellDropped(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    if (this.#dropped === 0) return;
    this.#log.warn("an upstream said more on stderr than is logged", {
      upstream: this.#upstream,
      lines: this.#dropped,
    });
    this.#dropped = 0;
  }
}
