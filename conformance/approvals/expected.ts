import { type PayTool, payTools } from "./replicas-in-process.ts";

/** Who acts in a sequence; `ann` is whom the payments are for. */
export const actors = {
  agent: { credential: "agent:ann", user: "ann", isPerson: false, decidesForOthers: true },
  ann: { credential: "desk:ann", user: "ann", isPerson: true, decidesForOthers: false },
  annsSecondKey: { credential: "second:ann", user: "ann", isPerson: true, decidesForOthers: true },
  ben: { credential: "operator:ben", user: "ben", isPerson: true, decidesForOthers: true },
  cid: { credential: "operator:cid", user: "cid", isPerson: true, decidesForOthers: true },
  bensAgent: { credential: "agent:ben", user: "ben", isPerson: false, decidesForOthers: true },
  eve: { credential: "desk:eve", user: "eve", isPerson: true, decidesForOthers: false },
} as const;
export type Actor = keyof typeof actors;

const EXPIRES_MS = 60 * 60_000;
const MOST_ASKED = 5;

/** A request for approval as it should stand. */
export interface ExpectedRequest {
  readonly id: string;
  readonly shownPrice: number;
  readonly expiresAt: number;
  state: "awaiting" | "approved" | "spent" | "denied" | "withdrawn" | "lapsed";
  /** What was said, and by whom. */
  readonly words: { readonly user: string; readonly verdict: "approve" | "deny" | "withdraw" }[];
}

/** What a call should be answered with. */
export type ExpectedAnswer = "asks" | "still asks" | "pays" | "replays" | "denied" | "gives up";

/** A payment that somebody wants, and how it should stand. */
export class ExpectedPayment {
  readonly story: string;
  readonly key: string;
  readonly tool: PayTool;
  readonly asker: "agent" | "ann";
  price = 100;
  /** Newest last. */
  readonly requests: ExpectedRequest[] = [];
  /** What was paid; the answer may not have arrived. */
  paid: { readonly price: number; readonly request: string } | undefined;

  constructor(story: string, { tool, asker }: { readonly tool: PayTool; readonly asker: "agent" | "ann" }) {
    this.story = story;
    this.key = `key of ${story}`;
    this.tool = tool;
    this.asker = asker;
  }

  get request(): ExpectedRequest | undefined {
    return this.requests.at(-1);
  }

  /** Whether somebody may still decide, or use, what was asked last. */
  isOpen(now: number): boolean {
    const { request } = this;
    return (request?.state === "awaiting" || request?.state === "approved") && request.expiresAt > now;
  }

  answerNow(now: number): ExpectedAnswer {
    const { request } = this;
    if (this.paid !== undefined) return "replays";
    if (request === undefined) return "asks";
    if (request.state === "denied") return "denied";
    if (request.state === "awaiting" && request.expiresAt > now) return "still asks";
    if (request.state !== "approved") return "asks";
    if (request.expiresAt > now && request.shownPrice === this.price) return "pays";
    return this.requests.length >= MOST_ASKED ? "gives up" : "asks";
  }

  /** Whether a call without the key still finds it by its arguments: what nobody decided in time is over. */
  isFoundByArguments(now: number): boolean {
    const { request } = this;
    return request?.state === "approved" || (request?.state === "awaiting" && request.expiresAt > now);
  }

  /** Whether the next yes is the last one that it needs, for what it would do now. */
  get isOneWordShort(): boolean {
    if (this.request?.state !== "awaiting" || this.request.shownPrice !== this.price) return false;
    return payTools[this.tool] !== "two" || this.request.words.length === 1;
  }

  giveUp(): void {
    if (this.request !== undefined) this.request.state = "lapsed";
  }

  ask(id: string, now: number): void {
    this.requests.push({ id, shownPrice: this.price, expiresAt: now + EXPIRES_MS, state: "awaiting", words: [] });
  }

  pay(): void {
    const { request } = this;
    if (request === undefined) throw new Error("nobody was asked");
    request.state = "spent";
    this.paid = { price: request.shownPrice, request: request.id };
  }

  /** Whether this person's word should count, by what docs/approvals.md says of levels. */
  mayDecide(actor: Actor, now: number): boolean {
    const { request } = this;
    const { isPerson, user, decidesForOthers } = actors[actor];
    if (!isPerson || request?.state !== "awaiting" || request.expiresAt <= now) return false;
    const level = payTools[this.tool];
    if (user === "ann") return level === "owner";
    return decidesForOthers && !request.words.some((word) => word.user === user);
  }

  mayWithdraw(actor: Actor, now: number): boolean {
    return actors[actor].isPerson && actors[actor].user === "ann" && this.isOpen(now);
  }

  say(actor: Actor, verdict: "approve" | "deny" | "withdraw"): void {
    const { request } = this;
    if (request === undefined) throw new Error("nobody was asked");
    request.words.push({ user: actors[actor].user, verdict });
    if (verdict === "deny") request.state = "denied";
    else if (verdict === "withdraw") request.state = "withdrawn";
    else if (request.words.length >= (payTools[this.tool] === "two" ? 2 : 1)) request.state = "approved";
  }

  hasSaid(actor: Actor, verdict: "approve" | "deny" | "withdraw"): boolean {
    const { user } = actors[actor];
    return this.request?.words.some((word) => word.user === user && word.verdict === verdict) === true;
  }
}

/** How a whole sequence should stand. */
export interface Expected {
  readonly payments: readonly ExpectedPayment[];
  readonly now: () => number;
}
