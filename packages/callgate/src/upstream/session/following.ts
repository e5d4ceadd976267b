import { pause } from "./pause.ts";

const RETRY_MS = 30_000;

export interface FollowingOptions {
  /** Tells the server of all that is followed; false where some of it has to be tried again. Never rejects. */
  readonly tell: (uris: ReadonlySet<string>) => Promise<boolean>;
  /** Aborted when the session is over. */
  readonly signal: AbortSignal;
}

/** Lets a server know which resources are listened for: one change at a time, and each time what is wanted by then. */
export class Following {
  readonly #options: FollowingOptions;
  #wanted: ReadonlySet<string> = new Set();
  #telling: Promise<void> | undefined;

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  /** Resolves once the server was told, or could not be for now. */
  follow(uris: ReadonlySet<string>): Promise<void> {
    this.#wanted = uris;
    this.#telling ??= this.#tell();
    return this.#telling;
  }

  async #tell(): Promise<void> {
    const { tell, signal } = this.#options;
    let told: ReadonlySet<string>;
    let isWhole: boolean;
    do {
      told = this.#wanted;
      isWhole = await tell(told);
    } while (told !== this.#wanted && !signal.aborted);
    this.#telling = undefined;
    if (!isWhole) void this.#tryAgain(told);
  }

  async #tryAgain(uris: ReadonlySet<string>): Promise<void> {
    const { signal } = this.#options;
    await pause(RETRY_MS, signal);
    if (!signal.aborted && uris === this.#wanted) await this.follow(uris);
  }
}
