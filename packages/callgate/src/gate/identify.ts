import type { Call } from "./call.ts";
import { type Ending, refused } from "./ending.ts";

/** Stage 2. Who calls; a tool called by another tool keeps the subject of the first call. */
export async function identify(call: Call): Promise<Ending | undefined> {
  if (call.subjectIfKnown !== undefined) return undefined;
  const { presented, meta, endpoint } = call.exchange;
  const found = call.gate.callers.identify(presented, meta, endpoint);
  const identified = found instanceof Promise ? await found : found;
  if (identified.kind === "refused") return refused(identified.code, identified.answer);
  call.subject = identified.subject;
  call.domainCredentials = identified.domainCredentials;
  call.credentialEndsAt = identified.expiresAt;
  return undefined;
}
