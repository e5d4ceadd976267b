import { randomUUID } from "node:crypto";
import type { InputRequest } from "../../define/input-required.ts";
import { LightSignal, type Stop } from "../../define/stop.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { RequestFrame } from "../../wire/json-rpc.ts";
import type { RequestOptions, UpstreamAnswer } from "../connection.ts";
import { canBeAsked, hidesNothing, leadsNowhereElse } from "./askable.ts";
import { hear } from "./hear.ts";
import type { Said } from "./link.ts";
import { gaveUp } from "./reply.ts";

/** How the server is answered: with a result, or with a no. */
export interface AskedByServer {
  readonly request: RequestFrame;
  answer(result: JsonObject): void;
  refuse(reason: string): void;
}

interface Open {
  readonly asked: AskedByServer;
  readonly letters: number;
}

/** What one call keeps of questions that are not answered yet: a server that asks for more does not wait for answers. */
const MOST_OPEN = 16;
const MOST_OPEN_LETTERS = 8 << 20;

type Settled = { readonly result: JsonObject } | { readonly error: unknown };

/**
 * One call of an old server, which asks while it works: the call goes on at the server while the client is asked, round
 * after round, until it ends.
 */
export class LegacyCall {
  /** Unguessable, and yet checked against the subject. */
  readonly id: string = randomUUID();
  readonly subject: string;
  readonly #name: string;
  readonly #stop = new LightSignal();
  readonly #open = new Map<string, Open>();
  /** Those of them that the client was told of. */
  #told: readonly string[] = [];
  #asked = 0;
  #settled: Settled | undefined;
  /** The round that the client waits for; undefined while the client is asked. */
  #options: RequestOptions | undefined;
  /** What its client could be asked when it was last there. */
  #canAsk: RequestOptions["canAsk"];
  /** Of the session, while the call is held. */
  #hasRoom: (letters: number) => boolean = () => true;
  #wake: (() => void) | undefined;

  constructor(name: string, options: RequestOptions) {
    this.#name = name;
    this.subject = options.subject.id;
    this.#options = options;
    this.#canAsk = options.canAsk;
  }

  /** Aborted when the call is given up: in a round with the round, between two when nobody comes back. */
  get signal(): Stop {
    return this.#stop;
  }

  get isOver(): boolean {
    return this.#settled !== undefined;
  }

  /** The server waits for an answer of the client. */
  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  /** Letters of the questions that are not answered yet. */
  get openLetters(): number {
    let letters = 0;
    for (const open of this.#open.values()) letters += open.letters;
    return letters;
  }

  /** Until its next round, what else is asked is kept only where the session has room for it. */
  wait(hasRoom: (letters: number) => boolean): void {
    this.#hasRoom = hasRoom;
  }

  settle(outcome: Settled): void {
    if (this.#settled !== undefined) return;
    this.#settled = outcome;
    for (const { asked } of this.#open.values()) asked.refuse("The call is over.");
    this.#open.clear();
    this.#wake?.();
  }

  /** Ends the call at the server: nobody waits for it any more. */
  giveUp(reason: Error): void {
    for (const { asked } of this.#open.values()) asked.refuse(reason.message);
    this.#open.clear();
    this.#stop.abort(reason);
  }

  hear(said: Said): void {
    if (this.#options !== undefined) hear(said, this.#options);
  }

  /** The server asks the client something; what the client cannot be asked it is told at once. */
  ask(asked: AskedByServer): void {
    const { method, params } = asked.request;
    if (this.#settled !== undefined) asked.refuse("The call is over.");
    else if (!leadsNowhereElse(params)) asked.refuse("People are sent to https addresses, and their own machine.");
    else if (!hidesNothing(method, params)) asked.refuse("Names and values of a question hide no letters.");
    else if (!canBeAsked(asked.request, this.#canAsk)) declineFor(asked);
    else if (!this.#keep(asked)) asked.refuse("Too much is asked in one call before it is answered.");
    else this.#wake?.();
  }

  /** One round: gives the server what the client has answered, and waits for the result or the next question. */
  async round(options: RequestOptions): Promise<UpstreamAnswer> {
    this.#options = options;
    this.#canAsk = options.canAsk;
    this.#hasRoom = () => true;
    const { signal, inputResponses } = options;
    const leave = (): void => this.giveUp(gaveUp(this.#name, signal));
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    this.#giveAnswers(inputResponses);
    try {
      await this.#news();
    } finally {
      signal.removeEventListener("abort", leave);
      this.#options = undefined;
    }
    if (this.#settled === undefined) return { kind: "input_required", requests: this.#requests(), state: undefined };
    if ("error" in this.#settled) throw this.#settled.error;
    return { kind: "result", result: this.#settled.result };
  }

  #keep(asked: AskedByServer): boolean {
    const { method, params } = asked.request;
    if (this.#open.size >= MOST_OPEN) return false;
    const letters = JSON.stringify(params ?? {}).length;
    if (this.openLetters + letters > MOST_OPEN_LETTERS || !this.#hasRoom(letters)) return false;
    this.#open.set(`${method.split("/")[0]}-${++this.#asked}`, { asked, letters });
    return true;
  }

  #giveAnswers(answers: RequestOptions["inputResponses"]): void {
    for (const key of this.#told) {
      const asked = this.#open.get(key)?.asked;
      const answer = answers[key];
      this.#open.delete(key);
      if (answer === undefined) asked?.refuse("The client gave no answer.");
      else asked?.answer(answer);
    }
    this.#told = [];
  }

  async #news(): Promise<void> {
    if (this.#settled === undefined && this.#open.size === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    // What else comes with it, comes at once: a server may ask two things together.
    if (this.#settled === undefined) await new Promise((resolve) => setImmediate(resolve));
  }

  #requests(): Record<string, InputRequest> {
    const requests: Record<string, InputRequest> = {};
    for (const [key, { asked }] of this.#open) {
      const { method, params } = asked.request;
      requests[key] = { method: method as InputRequest["method"], ...(params !== undefined && { params }) };
    }
    this.#told = Object.keys(requests);
    return requests;
  }
}

/** A server may well go on without: no roots are a list of none, and of the rest it hears that nobody can answer. */
export function declineFor(asked: AskedByServer): void {
  if (asked.request.method === "roots/list") asked.answer({ roots: [] });
  else asked.refuse(`The client of this call does not support ${asked.request.method}.`);
}
