import type { Answer } from "../../../packages/callgate/src/wire/exchange.ts";

/** What a process with a gate is started with. */
export interface Setting {
  /** Of its key ring, and of its store where that is SQLite. */
  readonly folder: string;
  /** The address of its store where that is PostgreSQL. */
  readonly database: string | undefined;
  /** Where the outside world is written down, a line for everything that happens. */
  readonly world: string;
}

/** A request to the gate within, of a client that knows tasks. */
export interface Asked {
  readonly number: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Answered {
  readonly number: number;
  readonly answer: Answer;
}
