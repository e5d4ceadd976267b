import type { RequestOptions } from "../connection.ts";
import { MOST_LETTERS, serverLine, serverLog } from "./server-words.ts";

type Told = Parameters<RequestOptions["progress"]>;

const WINDOW_MS = 1_000;
/** What is told of progress within that time; of more only the newest. */
const MOST_STEPS = 30;
/** Letters of all words of one request; each counts for these more. */
const MOST_TOGETHER = 1_000_000;
const OF_EACH = 200;

/** From the least; nothing that a server says is told at a higher one. */
const levels: readonly string[] = ["debug", "info", "notice", "warning", "error"];

type Heard = Pick<RequestOptions, "progress" | "say" | "hears">;

/**
 * What a server says on the way of one request, as its caller gets it: in the server's name, every letter seen, and no more
 * than anybody reads. Where it says how far it is more often, the newest is told; once it has said too much, its words are
 * left out.
 */
export class OnTheWay implements Pick<RequestOptions, "progress" | "say"> {
  readonly #server: string;
  readonly #caller: Heard;
  #letters = 0;
  #steps = 0;
  #windowEnds = 0;
  #newest: Told | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(server: string, { progress, say, hears }: Heard) {
    this.#server = server;
    this.#caller = { progress, say, hears };
  }

  readonly progress = (...told: Told): void => {
    const now = performance.now();
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + WINDOW_MS;
      this.#steps = 0;
    }
    this.#steps += 1;
    this.#newest = told;
    if (this.#steps <= MOST_STEPS) return this.#tellNewest();
    this.#timer ??= setTimeout(() => this.#tellNewest(), this.#windowEnds - now).unref();
  };

  readonly say = (...[level, words]: Parameters<RequestOptions["say"]>): void => {
    const { hears } = this.#caller;
    if (hears === undefined || levels.indexOf(level) < levels.indexOf(hears) || this.#isFull) return;
    this.#count(JSON.stringify(words) ?? "");
    if (this.#isFull) this.#caller.say("warning", `The server ${this.#server} says more than is told.`);
    else this.#caller.say(level, serverLog(this.#server, words));
  };

  /** The answer is there: what was said last of how far it is goes before it. */
  end(): void {
    this.#tellNewest();
  }

  #tellNewest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#newest === undefined) return;
    const [done, total, message] = this.#newest;
    this.#newest = undefined;
    if (message !== undefined && !this.#isFull) this.#count(message);
    const isTold = message !== undefined && !this.#isFull;
    this.#caller.progress(done, total, isTold ? serverLine(this.#server, message) : undefined);
  }

  get #isFull(): boolean {
    return this.#letters >= MOST_TOGETHER;
  }

  /** Longer words are cut. */
  #count(words: string): void {
    this.#letters += OF_EACH + Math.min(words.length, MOST_LETTERS);
  }
}
