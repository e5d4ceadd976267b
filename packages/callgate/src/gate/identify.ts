import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { type Ending, refused } from "./answers/ending.ts";
import type { Call } from "./call/call.ts";

/** Also for a domain that is there, where the caller sees nothing of it: trying tells nobody its name. */
const noEndpoint = rpcError(rpcCode.invalidRequest, "There is no such endpoint.", {
  httpStatus: 404,
  data: { code: "unknown_endpoint" },
});

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
  const isThere = endpoint === undefined || call.gate.menus.sees(identified.subject, endpoint);
  return isThere ? undefined : refused("unknown_endpoint", noEndpoint);
}
