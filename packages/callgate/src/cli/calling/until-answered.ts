import { setTimeout as wait } from "node:timers/promises";
import { isAway } from "../connection/client-errors.ts";
import type { Terminal } from "../terminal.ts";

const AGAIN_AFTER_MS = 2_000;

/** Asks a gate until it answers, for whoever watches: a gate that is being replaced is away for a while. What it refuses is thrown. */
export async function untilAnswered<Answer>(ask: () => Promise<Answer>, terminal: Terminal): Promise<Answer> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (isFirst) terminal.say("The gate does not answer. It is asked again until it does; Ctrl-C ends it.");
    }
    await wait(AGAIN_AFTER_MS);
  }
}
