import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type EffectTool, needsApproval, type Trouble } from "../effects/effect.ts";
import type { Dice } from "../proof/dice.ts";
import type { Answer, Decision, History, Purpose } from "./history.ts";
import { sendCall } from "./send-call.ts";
import { stories } from "./stories.ts";

/** Longer than the slowest tool may take; then the client goes to another replica. */
const PATIENCE_MS = 2_500;

/** Where the replicas are; one that is down has no address. */
export interface Addresses {
  readonly count: number;
  urlOf(replica: number): string | undefined;
}

/** A write that a client wants: whatever becomes of it, it is to be done once. */
export interface Wanted {
  readonly client: string;
  readonly story: string;
  readonly tool: EffectTool;
  readonly trouble: Trouble;
  /** What it can be asked about by; undefined where the gate chose the key and never told, or nobody has decided. */
  key: string | undefined;
}

/** As whom a request is sent: as the client itself, as its agent, or as somebody who decides on what it wants. */
export type Role = "person" | "agent" | "operator";

/** Who wants it: what needs a person's word is asked for by an agent. */
export function roleFor(tool: string): Role {
  return needsApproval(tool) ? "agent" : "person";
}

/** What clients call beside the tools that make effects. */
export const otherTools = [
  "price_order",
  "list_approvals",
  "get_approval",
  "decide_approval",
  "withdraw_approval",
] as const;

/** Those at an endpoint of their own. */
const approvalTools = new Set<string>(otherTools.filter((tool) => tool !== "price_order"));

/** One request, as a story asks for it. */
export interface Asking {
  readonly tool: EffectTool | (typeof otherTools)[number];
  readonly as?: Role;
  readonly story: string;
  readonly purpose: Purpose;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly key?: string | undefined;
  readonly decision?: Decision;
  readonly replica: number;
  /** The client goes away then. */
  readonly patienceMs?: number;
}

export interface ClientOptions {
  readonly name: string;
  readonly dice: Dice;
  readonly addresses: Addresses;
  readonly history: History;
  /** Milliseconds since the run began. */
  readonly now: () => number;
}

/** A client: it lives through one story after another, and writes down what it sends and what it hears. */
export class Client {
  readonly name: string;
  readonly wanted: Wanted[] = [];
  readonly #options: ClientOptions;
  readonly #agent = new Agent({ keepAlive: true });
  #sent = 0;

  constructor(options: ClientOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Until the signal says that it is enough. The stories and all their choices depend on the dice alone. */
  async live(enough: AbortSignal): Promise<void> {
    for (let number = 1; !enough.aborted; number += 1) {
      const dice = this.#options.dice.named(`story ${number}`);
      const total = stories.reduce((sum, { weight }) => sum + weight, 0);
      let left = dice.whole(1, total);
      const chosen = stories.find(({ weight }) => (left -= weight) <= 0);
      await chosen?.tell({ client: this, dice, name: `${this.name}-${number}`, enough });
      await this.rest(dice.whole(0, 30), enough);
    }
  }

  want(wanted: Omit<Wanted, "client">): Wanted {
    const write = { client: this.name, ...wanted };
    this.wanted.push(write);
    return write;
  }

  get replicas(): number {
    return this.#options.addresses.count;
  }

  async rest(ms: number, enough: AbortSignal): Promise<void> {
    await delay(ms, undefined, { signal: enough }).catch(() => undefined);
  }

  /** Sends a request, and writes it down with its answer. */
  async ask(asking: Asking): Promise<Answer> {
    const { addresses, history, now, dice } = this.#options;
    const { tool, as = roleFor(tool), story, purpose, key, decision, replica, patienceMs = PATIENCE_MS } = asking;
    this.#sent += 1;
    const trace = dice.named(`request ${this.#sent}`).hex(16);
    const sentAt = now();
    const url = addresses.urlOf(replica);
    const answer: Answer =
      url === undefined
        ? { kind: "unreached" }
        : await sendCall({
            url: `${url}/mcp${approvalTools.has(tool) ? "/approvals" : ""}`,
            agent: this.#agent,
            bearer: as === "person" ? this.name : `${as}:${this.name}`,
            tool,
            arguments: { ...asking.arguments, ...(key !== undefined && { idempotency_key: key }) },
            trace,
            signal: AbortSignal.timeout(patienceMs),
          });
    const heardAt = now();
    history.add({ trace, client: this.name, story, tool, purpose, key, decision, replica, sentAt, heardAt, answer });
    return answer;
  }

  /** Asks once more what became of a write, as whoever was answered long ago may do. */
  askAgain({ story, tool, trouble, key }: Wanted, replica: number): Promise<Answer> {
    return this.ask({ tool, story, purpose: "asked-again", arguments: { story, trouble }, key, replica });
  }

  close(): void {
    this.#agent.destroy();
  }
}
