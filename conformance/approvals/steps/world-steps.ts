import { paymentStep, type Step } from "./step.ts";

/** What it would pay now is not what somebody may have been shown. */
export function raisePrice(payment: number): Step {
  return paymentStep({
    name: "raise the price",
    payment,
    run: (expected, stage) => {
      expected.price += 1;
      stage.world.raisePrice(stage.storyOf(expected));
      return Promise.resolve();
    },
  });
}

export function passTime(minutes: number): Step {
  return {
    check: () => true,
    run: (_expected, stage) => Promise.resolve(stage.world.pass(minutes * 60_000)),
    toString: () => `${minutes} minutes pass`,
  };
}

export function restart(replica: number): Step {
  return {
    check: () => true,
    run: (_expected, stage) => stage.replicas.restart(replica),
    toString: () => `restart replica ${replica}`,
  };
}
