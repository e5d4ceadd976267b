import assert from "node:assert/strict";
import type { Reply } from "../../../packages/callgate/src/gate/testing/test-caller.ts";
import type { Actor, ExpectedAnswer, ExpectedPayment } from "../expected.ts";
import type { Stage } from "../stage.ts";
import { paymentStep, type Step } from "./step.ts";

/** A commit and the lookup after it, and both once more: then a call gives up. */
const ANSWERS_OF_A_CALL = 4;

/** Calls, or calls again: what it is answered depends on all that came before. */
export function pay(payment: number, replica: number, by: "key" | "arguments"): Step {
  return paymentStep({
    name: `pay by ${by} on replica ${replica}`,
    payment,
    run: async (expected, stage) => {
      const answer = expected.answerNow(stage.now);
      // What waits for somebody's word would wait with its key, and is told so at once without it.
      const wanted = answer === "still asks" ? "arguments" : by;
      const reply = await stage.pay(replica, expected, expected.isFoundByArguments(stage.now) ? wanted : "key");
      await judge(expected, stage, { answer, reply });
    },
  });
}

/** The same call on both replicas at once: one pays, and both are told of it. */
export function payOnBoth(payment: number): Step {
  return paymentStep({
    name: "pay on both replicas at once",
    payment,
    when: (expected, now) => expected.answerNow(now) === "pays",
    run: async (expected, stage) => {
      const replies = await Promise.all([0, 1].map((replica) => stage.pay(replica, expected, "key")));
      expected.pay();
      for (const reply of replies) expectPaid(expected, stage, reply);
      assert.equal(replies.filter(isReplay).length, 1, "one of them is a replay");
    },
  });
}

/** The call waits, and goes on as soon as somebody has agreed on the other replica. */
export function payWhileDecided(payment: number, replica: number, actor: Actor): Step {
  return paymentStep({
    name: `pay on replica ${replica} and wait for ${actor}`,
    payment,
    when: (expected, now) => expected.isOneWordShort && expected.mayDecide(actor, now),
    run: async (expected, stage) => {
      const waiting = stage.pay(replica, expected, "key");
      const decided = { approval_id: expected.request?.id, decision: "approve" };
      const { code } = await stage.act(1 - replica, actor, ["decide_approval", decided]);
      assert.equal(code, undefined);
      expected.say(actor, "approve");
      await judge(expected, stage, { answer: "pays", reply: await waiting });
    },
  });
}

/** It is paid, and nobody hears of it: not the gate, which asks in vain, and so not its caller. */
export function payAndLoseTheAnswer(payment: number, replica: number): Step {
  return paymentStep({
    name: `pay on replica ${replica} and lose the answer`,
    payment,
    when: (expected, now) => expected.answerNow(now) === "pays",
    run: async (expected, stage) => {
      stage.world.loseAnswers(ANSWERS_OF_A_CALL);
      const { code } = await stage.pay(replica, expected, "key");
      assert.equal(code, "outcome_unknown");
      expected.pay();
      // The gate leaves a backend alone that fails again and again.
      assert.equal((await stage.act(replica, "ann", ["pay_nothing", {}])).code, undefined);
    },
  });
}

/** The key is taken: whatever stands under it, other arguments are refused. */
export function edit(payment: number, replica: number): Step {
  return paymentStep({
    name: `edit on replica ${replica}`,
    payment,
    when: ({ request }) => request !== undefined,
    run: async (expected, stage) => {
      const { asker, tool, key } = expected;
      const story = `${stage.storyOf(expected)} edited`;
      const { code } = await stage.act(replica, asker, [tool, { story, idempotency_key: key }]);
      assert.equal(code, "key_reused");
      assert.deepEqual(stage.world.paidFor(story), []);
    },
  });
}

interface Judged {
  readonly answer: ExpectedAnswer;
  readonly reply: Reply;
}

const codes: Readonly<Record<Exclude<ExpectedAnswer, "pays" | "replays">, string>> = {
  asks: "approval_pending",
  "still asks": "approval_pending",
  denied: "approval_denied",
  "gives up": "approval_unavailable",
};

async function judge(expected: ExpectedPayment, stage: Stage, { answer, reply }: Judged): Promise<void> {
  if (answer === "pays" || answer === "replays") {
    if (answer === "pays") expected.pay();
    assert.equal(reply.code, undefined, `it ${answer}`);
    assert.equal(isReplay(reply), answer === "replays");
    return expectPaid(expected, stage, reply);
  }
  assert.equal(reply.code, codes[answer]);
  if (answer === "gives up") return expected.giveUp();
  if (answer === "denied") return;
  const { approval } = await stage.rowOf(expected);
  if (answer === "asks") expected.ask(approval?.id ?? "", stage.now);
  assert.equal(approval?.id, expected.request?.id, "the request that it tells of");
}

function isReplay({ meta }: Reply): boolean {
  return meta["io.callgate/replayed"] === true;
}

/** Told of the one payment, at the price that was approved. */
function expectPaid(expected: ExpectedPayment, stage: Stage, { structured }: Reply): void {
  const [paid, ...more] = stage.world.paidFor(stage.storyOf(expected));
  assert.deepEqual(more, []);
  assert.deepEqual(structured, { id: paid?.id, price: expected.paid?.price });
}
