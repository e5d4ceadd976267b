import type { Identified } from "../callers/identify.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { type Ending, refused } from "./answers/ending.ts";
import type { Call } from "./call/call.ts";

/** Also for a domain that is there, where the caller sees nothing of it: trying tells nobody its name. */
const noEndpoint = rpcError(rpcCode.invalidRequest, "There is no such endpoint.", {
  httpStatus: 404,
  data: { code: "unknown_endpoint" },
});

/** Stage 2. Who calls; a tool called by another tool keeps the subject of the first call. */
export function identify(call: Call): MaybePromise<Ending | undefined> {
  if (call.subjectIfKnown !== undefined) return undefined;
  const { presented, meta, endpoint } = call.exchange;
  return after(call.gate.callers.identify(presented, meta, endpoint), (identified) => take(call, identified));
}

function take(call: Call, identified: Identified): Ending | undefined {
  const { endpoint } = call.exchange;
  if (identified.kind === "refused") return refused(identified.code, identified.answer);
  call.subject = identified.subject;
  call.domainCredentials = identified.domainCredentials;
  call.credentialEndsAt = identified.expiresAt;
  const isThere = endpoint === undefined || call.gate.menus.sees(identified.subject, endpoint);
  return isThere ? undefined : refused("unknown_endpoint", noEndpoint);
}
