/**
 * How much of the gate's time one server may take by what it says. Where the gate does nothing else but serve it, its answers
 * take a tenth, and a quarter where they are large.
 */
const SHARE = 1 / 2;
/** What it may take at once, before it has to let others go first. */
const MOST_OWED_MS = 20;
/** What it can come to owe, by a single message that is large. */
const LARGEST_DEBT_MS = 50;

/** What a server says something by, and what can be left unread for a while. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Counts what a server takes of the gate's time, and leaves it unread for a while where that is more than its share. */
export class FairShare {
  readonly #paused = new Set<Source>();
  #owedMs = 0;
  #countedAt = 0;
  #resting: NodeJS.Timeout | undefined;

  /** Takes in something that it says. */
  spend(work: () => void, source: Source): void {
    const began = performance.now();
    work();
    const now = performance.now();
    const owed = Math.max(0, this.#owedMs - (now - this.#countedAt) * SHARE);
    this.#owedMs = Math.min(owed + now - began, LARGEST_DEBT_MS);
    this.#countedAt = now;
    if (this.#owedMs > MOST_OWED_MS) this.#rest(source);
  }

  /** Nobody hears it any more. */
  end(): void {
    clearTimeout(this.#resting);
    this.#paused.clear();
  }

  #rest(source: Source): void {
    source.pause();
    this.#paused.add(source);
    this.#resting ??= setTimeout(() => this.#rested(), this.#owedMs / SHARE);
  }

  #rested(): void {
    this.#resting = undefined;
    const paused = [...this.#paused];
    this.#paused.clear();
    for (const source of paused) source.resume();
  }
}
