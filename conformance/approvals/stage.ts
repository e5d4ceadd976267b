import type { Reply } from "../../packages/callgate/src/gate/testing/test-caller.ts";
import type { LedgerRow } from "../../packages/callgate/src/store/ledger-port.ts";
import { type Actor, actors, type ExpectedPayment } from "./expected.ts";
import type { OutsideWorld } from "./outside-world.ts";
import type { ReplicasInProcess } from "./replicas-in-process.ts";

/** Where one sequence plays: its people are nobody else's, so that it may share gates with those before it. */
export class Stage {
  readonly replicas: ReplicasInProcess;
  readonly #sequence: string;

  constructor(replicas: ReplicasInProcess, sequence: string) {
    this.replicas = replicas;
    this.#sequence = sequence;
  }

  get world(): OutsideWorld {
    return this.replicas.world;
  }

  get now(): number {
    return this.world.clock();
  }

  /** The story that the outside world knows this payment by. */
  storyOf({ story }: ExpectedPayment): string {
    return `${this.#sequence} ${story}`;
  }

  /** The payment's own call, by its key or as one who has none. */
  pay(replica: number, payment: ExpectedPayment, by: "key" | "arguments"): Promise<Reply> {
    const { tool, asker, key } = payment;
    const input = { story: this.storyOf(payment), ...(by === "key" && { idempotency_key: key }) };
    return this.act(replica, asker, [tool, input]);
  }

  act(replica: number, actor: Actor, call: readonly [string, object]): Promise<Reply> {
    return this.replicas.call(replica, `${actors[actor].credential}-${this.#sequence}`, call);
  }

  /** The payment's row in the ledger. */
  async rowOf({ asker, tool, key }: ExpectedPayment): Promise<LedgerRow> {
    const user = `ann-${this.#sequence}`;
    const subject = asker === "ann" ? `person:${user}` : `agent:${user}-agent@${user}`;
    const row = await this.replicas.gate(0).store.ledger.find(subject, tool, key);
    if (row === undefined) throw new Error(`${key} of ${subject} has no row`);
    return row;
  }
}
