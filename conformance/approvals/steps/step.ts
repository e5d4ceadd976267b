import type { AsyncCommand } from "fast-check";
import type { Expected, ExpectedPayment } from "../expected.ts";
import type { Stage } from "../stage.ts";

/** A step of a sequence: done to the gates, and to what is expected of them. */
export type Step = AsyncCommand<Expected, Stage>;

export interface PaymentStep {
  readonly name: string;
  /** Which of the sequence's payments. */
  readonly payment: number;
  /** Whether it makes sense now; always, where left out. */
  readonly when?: (payment: ExpectedPayment, now: number) => boolean;
  readonly run: (payment: ExpectedPayment, stage: Stage) => Promise<void>;
}

/** A step that is about one payment. */
export function paymentStep({ name, payment: number, when, run }: PaymentStep): Step {
  const of = ({ payments }: Expected): ExpectedPayment => {
    const payment = payments[number];
    if (payment === undefined) throw new Error(`there is no payment ${number}`);
    return payment;
  };
  return {
    check: (expected) => when === undefined || when(of(expected), expected.now()),
    run: (expected, stage) => run(of(expected), stage),
    toString: () => `${name} (payment ${number})`,
  };
}
