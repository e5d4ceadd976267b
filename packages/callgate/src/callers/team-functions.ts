import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";
import { within } from "../limits/within.ts";

const ASK_MS = 2_000;
const SAY_EVERY_MS = 1_000;

export interface TeamFunctionsOptions {
  readonly log: CallLog;
  readonly clock: () => number;
  /** Milliseconds that a function has; two seconds unless said otherwise. */
  readonly askMs?: number | undefined;
}

/** What a function of the team answered: undefined where it does not know. */
export interface TeamAnswer<Value> {
  readonly value: Value | undefined;
}

/**
 * Asks what a team gives a gate to find out who calls, and which flags are on for them. The caller learns nothing of
 * a failure, so the log says it: once a second for each function, with how often it failed since.
 */
export class TeamFunctions {
  readonly #log: CallLog;
  readonly #clock: () => number;
  readonly #askMs: number;
  readonly #silent = new Map<string, { readonly until: number; failures: number }>();

  constructor({ log, clock, askMs = ASK_MS }: TeamFunctionsOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#askMs = askMs;
  }

  /** Undefined for a throw, a hang, or an answer in which `read` finds no sense. */
  async ask<Value>(
    name: string,
    call: (signal: AbortSignal) => unknown,
    read: (answer: unknown) => Value | undefined,
  ): Promise<TeamAnswer<Value> | undefined> {
    try {
      const answer = await within(this.#askMs, call);
      const value = answer === undefined ? undefined : read(answer);
      if (answer === undefined || value !== undefined) return { value };
      this.failed(`${name} answered with what it may not`, answer === null ? "null" : typeof answer);
    } catch (error) {
      this.failed(`${name} failed`, error);
    }
    return undefined;
  }

  /** Says in the log what failed. */
  failed(what: string, error: unknown): void {
    const now = this.#clock();
    const silent = this.#silent.get(what);
    if (silent !== undefined && now < silent.until) {
      silent.failures += 1;
      return;
    }
    this.#silent.set(what, { until: now + SAY_EVERY_MS, failures: 0 });
    this.#log.error(what, {
      error: typeof error === "string" ? error : inspect(error),
      ...(silent !== undefined && silent.failures > 0 && { unsaid: silent.failures }),
    });
  }
}

/** An answer that has to be a text. */
export function asText(answer: unknown): string | undefined {
  return typeof answer === "string" ? answer : undefined;
}
