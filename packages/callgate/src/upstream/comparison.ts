import { maskedText } from "../audit/mask.ts";
import type { CallLog } from "../define/context.ts";
import type { SourceChange } from "../define/domain.ts";
import { knownSecrets } from "../secrets/known-secrets.ts";
import { AskedAgain } from "./asked-again.ts";
import { causeWords } from "./cure-of.ts";
import type { Finding } from "./lock/compare-lock.ts";
import type { LockedUpstream } from "./lock/locked.ts";
import type { Quarantine } from "./lock/quarantine.ts";

/** The lists that are others by a comparison. */
export type ChangedLists = Extract<SourceChange, { readonly kind: "lists" }>["lists"];

export interface ComparisonOptions {
  readonly upstream: string;
  readonly quarantine: Quarantine;
  /** What the server offers now; rejects where it cannot be asked. */
  readonly look: () => Promise<LockedUpstream>;
  readonly findingsIn: (offered: LockedUpstream) => readonly Finding[];
  readonly log: () => CallLog;
  readonly onLists: (lists: ChangedLists) => void;
  /** What a person does about a server that cannot be asked. */
  readonly cureOf: (error: unknown) => string;
}

/** Why a server could not be asked, and what a person does about it, for who runs the gate. */
export interface Failure {
  readonly problem: string;
  readonly cure: string;
}

/** A log is for people: what a server says in it is cut. */
const MOST_OF_A_PROBLEM = 300;

/** Holds what a server offers against what was accepted of it: one comparison at a time, and no more of them than the gate can afford. */
export class Comparison {
  readonly #options: ComparisonOptions;
  /** Comparisons that the server itself asks for. */
  readonly #asked = new AskedAgain(() => this.soon());
  #running: Promise<void> | undefined;
  #isDue = false;
  /** What it offered when it was compared last. */
  #offered: LockedUpstream | undefined;
  #failure: Failure | undefined;

  constructor(options: ComparisonOptions) {
    this.#options = options;
  }

  /** Why the server could not be asked, the last time. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Rejects where the server cannot be asked. */
  now(): Promise<void> {
    this.#running ??= this.#compare().finally(() => {
      this.#running = undefined;
      if (this.#isDue) this.soon();
    });
    return this.#running;
  }

  /** It could not even be reached. */
  failed(error: unknown): void {
    const masked = (words: string): string => knownSecrets.mask(words, maskedText);
    this.#failure = { problem: masked(causeWords(error)), cure: masked(this.#options.cureOf(error)) };
  }

  /** Once more after the one that runs: what it has seen may be older than what was told. */
  soon(): void {
    this.#isDue = this.#running !== undefined;
    if (!this.#isDue && this.#options.quarantine.comparedAt !== undefined) void this.now().catch(() => undefined);
  }

  /** The server says that something has changed. */
  ask(): void {
    this.#asked.ask();
  }

  /** Nobody hears the server any more. */
  stop(): void {
    this.#asked.stop();
  }

  /** What was seen last is held against what is accepted now, before anybody is shown a word of it. */
  settle(): ChangedLists {
    const held = this.#offered === undefined ? [] : this.#take(this.#offered);
    this.soon();
    return held;
  }

  async #compare(): Promise<void> {
    try {
      this.#offered = await this.#options.look();
      const lists = this.#take(this.#offered);
      this.#failure = undefined;
      if (lists.length > 0) this.#options.onLists(lists);
    } catch (error) {
      const before = this.#failure?.problem;
      this.failed(error);
      if (this.#failure?.problem !== before) this.#tell();
      throw error;
    }
  }

  /** What differs meanwhile is not found. */
  #tell(): void {
    const { upstream, log } = this.#options;
    const problem = this.#failure?.problem.slice(0, MOST_OF_A_PROBLEM);
    log().warn("an upstream could not be compared with what was accepted", { upstream, problem });
  }

  #take(offered: LockedUpstream): ChangedLists {
    const { quarantine, findingsIn, log } = this.#options;
    return quarantine.take(findingsIn(offered), log());
  }
}
