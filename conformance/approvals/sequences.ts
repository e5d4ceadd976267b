import assert from "node:assert/strict";
import fc from "fast-check";
import type { StoreDeclaration } from "../../packages/callgate/src/store/port.ts";
import { type Actor, actors, type Expected, ExpectedPayment } from "./expected.ts";
import { OutsideWorld } from "./outside-world.ts";
import { type PayTool, payTools, ReplicasInProcess } from "./replicas-in-process.ts";
import { Stage } from "./stage.ts";
import { decide, decideTooLate, withdraw } from "./steps/decision-steps.ts";
import { edit, pay, payAndLoseTheAnswer, payOnBoth, payWhileDecided } from "./steps/pay-steps.ts";
import type { Step } from "./steps/step.ts";
import { passTime, raisePrice, restart } from "./steps/world-steps.ts";

export interface SequenceOptions {
  readonly store: StoreDeclaration;
  readonly sequences: number;
  readonly seed: number;
  /** Told after each sequence. */
  readonly onSequence?: (tally: Tally) => void;
}

/** What sequences came to. */
export interface Tally {
  sequences: number;
  steps: number;
  requests: number;
  payments: number;
  words: number;
}

const MOST_STEPS = 30;

/**
 * Plays sequences of calls, decisions and accidents on two gates of one store, each step judged by what should come of
 * it. Rejects with the shortest sequence that shows a broken promise.
 */
export async function playSequences({ store, sequences, seed, onSequence }: SequenceOptions): Promise<Tally> {
  const replicas = await ReplicasInProcess.open(store, new OutsideWorld());
  const tally: Tally = { sequences: 0, steps: 0, requests: 0, payments: 0, words: 0 };
  const sequence = fc.asyncProperty(pairOfPayments, stepsOf(), async (declared, steps) => {
    const stage = new Stage(replicas, `s${tally.sequences}`);
    const payments = declared.map((options, number) => new ExpectedPayment(`payment ${number}`, options));
    const expected: Expected = { payments, now: () => stage.now };
    tally.sequences += 1;
    await fc.asyncModelRun(() => ({ model: expected, real: stage }), steps);
    for (const payment of payments) await judgeInTheEnd(payment, stage);
    count(tally, payments, [...steps].length);
    onSequence?.(tally);
  });
  try {
    await fc.assert(sequence, { numRuns: sequences, seed });
  } finally {
    await replicas.close();
  }
  return tally;
}

const tools = fc.constantFrom(...(Object.keys(payTools) as PayTool[]));
const pairOfPayments = fc.tuple(payment(), payment());

function payment(): fc.Arbitrary<{ tool: PayTool; asker: "agent" | "ann" }> {
  return fc.record({ tool: tools, asker: fc.constantFrom("agent", "ann") });
}

function stepsOf(): fc.Arbitrary<Iterable<Step>> {
  const payment = fc.nat(1);
  const replica = fc.nat(1);
  const actor = fc.constantFrom(...(Object.keys(actors) as Actor[]));
  const decider = fc.constantFrom<Actor>("ann", "ben", "cid");
  const verdict = fc.constantFrom("approve", "approve", "deny");
  const pays = fc.tuple(payment, replica, fc.constantFrom("key", "arguments")).map((chosen) => pay(...chosen));
  const approvals = fc.tuple(payment, decider).map(([of, by]) => decide(of, by, "approve"));
  return fc.commands(
    [
      // What comes up more often stands here more often.
      pays,
      pays,
      pays,
      pays,
      approvals,
      approvals,
      approvals,
      fc.tuple(payment, actor, verdict).map((chosen) => decide(...chosen)),
      fc.tuple(payment, actor).map((chosen) => decideTooLate(...chosen)),
      fc.tuple(payment, actor).map((chosen) => withdraw(...chosen)),
      fc.tuple(payment, replica).map((chosen) => payAndLoseTheAnswer(...chosen)),
      fc.tuple(payment, replica, decider).map((chosen) => payWhileDecided(...chosen)),
      fc.tuple(payment, replica).map((chosen) => edit(...chosen)),
      payment.map(payOnBoth),
      payment.map(raisePrice),
      fc.constantFrom(5, 31, 61).map(passTime),
      // It takes as long as a hundred other steps.
      fc.tuple(replica, fc.nat(11)).map(([which, luck]) => (luck === 0 ? restart(which) : passTime(1))),
    ],
    { maxCommands: MOST_STEPS, size: "max" },
  );
}

/** Paid once at the price that somebody agreed to, by a request that nothing else was paid by; or not at all. */
async function judgeInTheEnd(payment: ExpectedPayment, stage: Stage): Promise<void> {
  const paid = stage.world.paidFor(stage.storyOf(payment));
  assert.deepEqual(
    paid.map(({ price }) => price),
    payment.paid === undefined ? [] : [payment.paid.price],
  );
  if (payment.paid === undefined) return;
  const { approval } = await stage.rowOf(payment);
  const request = payment.requests.find(({ id }) => id === payment.paid?.request);
  assert.equal(approval?.id, request?.id);
  assert.notEqual(approval?.spentAt, undefined);
  assert.deepEqual(
    approval?.decisions.map(({ verdict, user }) => ({ verdict, user: user?.split("-")[0] })),
    request?.words.map(({ verdict, user }) => ({ verdict, user })),
  );
}

function count(tally: Tally, payments: readonly ExpectedPayment[], steps: number): void {
  tally.steps += steps;
  for (const { requests, paid } of payments) {
    tally.requests += requests.length;
    tally.words += requests.reduce((sum, { words }) => sum + words.length, 0);
    if (paid !== undefined) tally.payments += 1;
  }
}
