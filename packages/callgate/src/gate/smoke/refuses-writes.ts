import { within } from "../../limits/within.ts";
import type { ServedDomain } from "../served/served-domain.ts";

const PROBE_MS = 10_000;
const HEALTH_MS = 5_000;
/** What a mistake throws, and what `fetch` throws where nobody answers: neither is a backend that says no. */
const MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * Tries a harmless write with the read credential; gives the words in which the backend refused it. Rejects where it
 * went through, and where it did not but for another reason.
 */
export async function showThatReadsCannotWrite(domain: ServedDomain): Promise<string> {
  const refusal = await refusalBy(domain);
  // What refuses because it is gone has refused nothing.
  await domain.health(HEALTH_MS);
  const problem = domain.problemOf("read");
  if (problem !== undefined) throw new Error(`the backend went away while a write was tried: ${problem}`);
  return `refused: ${refusal}`;
}

async function refusalBy(domain: ServedDomain): Promise<string> {
  let late: AbortSignal | undefined;
  try {
    await within(PROBE_MS, async (signal) => {
      late = signal;
      await domain.options.smoke?.refusesWrites?.(domain.backend("read"), signal);
    });
  } catch (error) {
    if (late?.aborted === true)
      throw new Error("the write that was tried did not end within 10 seconds", { cause: error });
    if (MISTAKES.some((mistake) => error instanceof mistake))
      throw new Error(`\`refusesWrites\` itself broke: ${messageOf(error)}`, { cause: error });
    return messageOf(error);
  }
  throw new Error("the write went through: this credential can write");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
