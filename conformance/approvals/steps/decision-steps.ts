import assert from "node:assert/strict";
import { type Actor, actors, type ExpectedPayment } from "../expected.ts";
import { paymentStep, type Step } from "./step.ts";

/** Somebody's word: it counts where it should, and where it should not nothing is as it was not before. */
export function decide(payment: number, actor: Actor, verdict: "approve" | "deny"): Step {
  return paymentStep({
    name: `${verdict} as ${actor}`,
    payment,
    when: ({ request }) => request !== undefined,
    run: async (expected, stage) => {
      const { replica, approval_id } = reach(expected, actor);
      const counts = expected.mayDecide(actor, stage.now);
      const isRepeated = actors[actor].isPerson && expected.hasSaid(actor, verdict);
      const { code } = await stage.act(replica, actor, ["decide_approval", { approval_id, decision: verdict }]);
      if (counts) expected.say(actor, verdict);
      judge({ actor, code, isAllowed: counts || isRepeated });
    },
  });
}

/** A word on a request that another one has replaced counts for nothing. */
export function decideTooLate(payment: number, actor: Actor): Step {
  return paymentStep({
    name: `approve as ${actor} what is asked no longer`,
    payment,
    when: ({ requests }) => requests.length > 1,
    run: async (expected, stage) => {
      const { replica } = reach(expected, actor);
      const call = { approval_id: expected.requests.at(-2)?.id, decision: "approve" };
      const { code } = await stage.act(replica, actor, ["decide_approval", call]);
      judge({ actor, code, isAllowed: false });
    },
  });
}

export function withdraw(payment: number, actor: Actor): Step {
  return paymentStep({
    name: `withdraw as ${actor}`,
    payment,
    when: ({ request }) => request !== undefined,
    run: async (expected, stage) => {
      const { replica, approval_id } = reach(expected, actor);
      const counts = expected.mayWithdraw(actor, stage.now);
      const isRepeated = actors[actor].isPerson && expected.hasSaid(actor, "withdraw");
      const { code } = await stage.act(replica, actor, ["withdraw_approval", { approval_id }]);
      if (counts) expected.say(actor, "withdraw");
      judge({ actor, code, isAllowed: counts || isRepeated });
    },
  });
}

/** Words come by whatever replica: by turns here. */
function reach({ request, requests }: ExpectedPayment, actor: Actor): { replica: number; approval_id: string } {
  const replica = (requests.length + actor.length) % 2;
  return { replica, approval_id: request?.id ?? "" };
}

const refusals = ["unknown_approval", "not_to_decide", "not_to_withdraw"];

interface Judged {
  readonly actor: Actor;
  readonly code: string | undefined;
  readonly isAllowed: boolean;
}

function judge({ actor, code, isAllowed }: Judged): void {
  if (isAllowed) return assert.equal(code, undefined, `${actor} may say so`);
  if (!actors[actor].isPerson) return assert.equal(code, "unknown_endpoint", "there are no such tools for agents");
  assert.ok(refusals.includes(code ?? ""), `${actor} is told ${code ?? "that it counts"}`);
}
