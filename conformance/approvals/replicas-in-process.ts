import { z } from "zod";
import { type AnyDomain, defineDomain } from "../../packages/callgate/src/define/domain.ts";
import { defineGate } from "../../packages/callgate/src/define/gate-config.ts";
import type { Identity } from "../../packages/callgate/src/define/subject.ts";
import type { Gate } from "../../packages/callgate/src/gate/open/create-gate.ts";
import { type Reply, TestCaller } from "../../packages/callgate/src/gate/testing/test-caller.ts";
import { openGate } from "../../packages/callgate/src/operations/open-gate.ts";
import type { StoreDeclaration } from "../../packages/callgate/src/store/port.ts";
import type { OutsideWorld } from "./outside-world.ts";

/** Who has to agree before each of these tools pays. */
export const payTools = { pay_owner: "owner", pay_operator: "operator", pay_two: "two" } as const;
export type PayTool = keyof typeof payTools;

/**
 * Credentials by their first word: `desk` and `second` are persons, the second one with every right, `operator` is a
 * person with every right too, `agent` acts for the person and has every right as well. The second word is the user.
 */
function authenticate(bearer: string | undefined): Identity | undefined {
  const [kind, user] = bearer?.split(":") ?? [];
  if (user === undefined) return undefined;
  if (kind === "agent") return { kind: "agent", user, agent: `${user}-agent`, role: "all" };
  return { kind: "person", user, role: kind === "desk" ? "desk" : "all" };
}

/** Two gates on one store: whatever is said to one holds for the other. */
export class ReplicasInProcess {
  readonly world: OutsideWorld;
  readonly #store: StoreDeclaration;
  readonly #gates: Gate[] = [];

  private constructor(store: StoreDeclaration, world: OutsideWorld) {
    this.#store = store;
    this.world = world;
  }

  static async open(store: StoreDeclaration, world: OutsideWorld): Promise<ReplicasInProcess> {
    const replicas = new ReplicasInProcess(store, world);
    replicas.#gates.push(await replicas.#open(), await replicas.#open());
    return replicas;
  }

  call(replica: number, credential: string, [tool, input]: readonly [string, object]): Promise<Reply> {
    return new TestCaller(this.gate(replica), credential).call(
      tool,
      { ...input },
      isAtOwn(tool) ? { endpoint: "approvals" } : {},
    );
  }

  gate(replica: number): Gate {
    const gate = this.#gates[replica];
    if (gate === undefined) throw new Error(`there is no replica ${replica}`);
    return gate;
  }

  async restart(replica: number): Promise<void> {
    await this.gate(replica).close();
    this.#gates[replica] = await this.#open();
  }

  async close(): Promise<void> {
    for (const gate of this.#gates) await gate.close();
  }

  #open(): Promise<Gate> {
    const config = defineGate({
      name: "approvals",
      domains: [paymentsDomain(this.world)],
      callers: {
        authenticate: [({ bearer }) => authenticate(bearer)],
        roles: { desk: { modes: ["desk"], scopes: ["payments:write"] }, all: { modes: ["desk"], scopes: ["*"] } },
      },
      limits: { rate: "1000000/s" },
      graduation: "off",
      store: this.#store,
    });
    const silent = (): undefined => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    return openGate(config, { clock: this.world.clock, log });
  }
}

function paymentsDomain(world: OutsideWorld): AnyDomain {
  const payments = defineDomain("payments", {
    owner: "proof",
    purpose: "Pays.",
    concern: "Paying what nobody approved.",
    backend: { start: () => world, takesIdempotencyKey: true },
  });
  for (const [tool, approval] of Object.entries(payTools))
    payments.write(tool, {
      description: `Pays what ${approval} approves.`,
      scope: "payments:write",
      approval,
      input: z.object({ story: z.string() }),
      output: z.object({ id: z.number(), price: z.number() }),
      plan: ({ story }) => ({ preview: { action: tool, story, price: world.priceOf(story) } }),
      commit: ({ preview: { story, price } }, { idempotencyKey: key }) => {
        const { id } = world.pay({ key, story, price });
        return { id, price };
      },
      lookup: (key) => {
        const found = world.find(key);
        return found && { id: found.id, price: found.price };
      },
    });
  payments.write("pay_nothing", {
    description: "Pays nothing, which needs nobody's approval.",
    scope: "payments:write",
    repeat: "allow",
    input: z.object({}),
    plan: () => ({ preview: {} }),
    commit: () => ({}),
  });
  return payments;
}

/** The tools of approvals have an endpoint of their own. */
function isAtOwn(tool: string): boolean {
  return tool === "decide_approval" || tool === "withdraw_approval";
}
