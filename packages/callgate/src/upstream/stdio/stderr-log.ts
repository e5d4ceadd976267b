import { StringDecoder } from "node:string_decoder";
import { maskedText } from "../../audit/mask.ts";
import type { CallLog } from "../../define/context.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import { LogWindow } from "./log-window.ts";

const MOST_BYTES = 4_000;
const MOST_READ = 2 * MOST_BYTES;

/** Brings what a child says on stderr into the gate's log, line by line: cut where long, counted where too many. */
export class StderrLog {
  readonly #log: CallLog;
  readonly #upstream: string;
  readonly #window: LogWindow;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";

  constructor(log: CallLog, upstream: string) {
    this.#log = log;
    this.#upstream = upstream;
    this.#window = new LogWindow((lines) =>
      log.warn("an upstream said more on stderr than is logged", { upstream, lines }),
    );
  }

  take(chunk: Buffer): void {
    this.#add(this.#decoder.write(chunk));
  }

  /** Nothing follows: logs what is left of the last line, and tells what was left out. */
  end(): void {
    this.#add(this.#decoder.end());
    this.#flush();
    this.#window.end();
  }

  #add(text: string): void {
    for (const [at, piece] of text.split("\n").entries()) {
      if (at > 0) this.#flush();
      if (this.#line.length < MOST_READ) this.#line += piece.slice(0, MOST_READ - this.#line.length);
    }
  }

  #flush(): void {
    const whole = this.#line.trimEnd();
    this.#line = "";
    if (whole === "" || !this.#window.takes()) return;
    const line = knownSecrets.maskStart(whole, MOST_BYTES, maskedText).trimEnd();
    this.#log.info("an upstream says on stderr", { upstream: this.#upstream, line });
  }
}
