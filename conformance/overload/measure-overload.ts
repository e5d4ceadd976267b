import { type Loaded, LoadedGate } from "./loaded-gate.ts";
import type { Work } from "./messages.ts";

export interface OverloadOptions {
  readonly work: Work;
  readonly warmUpSeconds: number;
  readonly steadySeconds: number;
  readonly overloadSeconds: number;
  /** Calls at once where the gate serves as many as it can; ten times as many connections in the overload. */
  readonly connections: number;
  readonly deadlineMs: number;
  readonly say?: (words: string) => void;
}

/** A gate at its most, under ten times of that, and at its most again. */
export interface Overload {
  readonly before: Loaded;
  readonly during: Loaded;
  readonly after: Loaded;
}

/** Finds out how much one gate can serve, sends ten times as much whatever the answers are, then looks whether it is as before. */
export async function measureOverload(options: OverloadOptions): Promise<Overload> {
  const { work, connections, deadlineMs, say = () => undefined } = options;
  const gate = await LoadedGate.start();
  try {
    const steady = { work, connections, deadlineMs, rate: undefined };
    say("warming up");
    await gate.load({ ...steady, seconds: options.warmUpSeconds });
    say("as much as it can serve");
    const before = await gate.load({ ...steady, seconds: options.steadySeconds });
    const rate = (before.good / before.seconds) * 10;
    say(`ten times that: ${Math.round(rate)} calls a second`);
    const overload = { work, deadlineMs, connections: connections * 10, rate, seconds: options.overloadSeconds };
    const during = await gate.load(overload);
    say("as much as it can serve, once more");
    const after = await gate.load({ ...steady, seconds: options.steadySeconds });
    return { before, during, after };
  } finally {
    await gate.end();
  }
}
