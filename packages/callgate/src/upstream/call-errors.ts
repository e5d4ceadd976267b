import { maskedText } from "../audit/mask.ts";
import { CallError, type CallErrorOptions } from "../define/call-error.ts";
import { knownSecrets } from "../secrets/known-secrets.ts";
import { rpcCode } from "../wire/rpc-error.ts";
import { serverWords } from "./serve/server-words.ts";
import { type UpstreamError, type UpstreamFault } from "./upstream-error.ts";

/** With these a server says no before it does anything. */
const clearNo: ReadonlySet<number> = new Set([
  rpcCode.invalidRequest,
  rpcCode.methodNotFound,
  rpcCode.invalidParams,
  rpcCode.headerMismatch,
  rpcCode.missingCapability,
  rpcCode.unsupportedVersion,
]);

const ITS_WORDS = "What it says of that stands in details: those are its own words, not the gate's.";
const tellPeople = "Nothing that you can change: tell the people who run this gate.";

/**
 * What a caller is told where a server gave no result. From a `commit` it leaves the outcome unknown, unless the fault
 * itself says that nothing was done: then `nothingDone` is set. Only what is the server's own failure counts for its
 * breaker (category `network`); a server that is busy, or does not take a credential, is there.
 */
export function toCallError(error: UpstreamError, server: string): CallError {
  const { fault, message } = error;
  const [code, options] = describe(fault);
  if (fault.kind !== "refused")
    return new CallError(code, knownSecrets.mask(message, maskedText), { ...options, cause: error });
  const words = knownSecrets.mask(fault.words, maskedText);
  const details = { ...serverWords(server, [words]), code: fault.code };
  const says = `The server ${server} refused, with code ${fault.code}.`;
  return new CallError(code, says, { ...options, details, cause: error });
}

function describe(fault: UpstreamFault): [code: string, options: CallErrorOptions] {
  switch (fault.kind) {
    case "unreachable":
      return [
        "upstream_unreachable",
        {
          category: "network",
          retry: { afterMs: 5_000 },
          nothingDone: !fault.sent,
          next: "Call again in some seconds, with the same idempotency_key where it had one.",
        },
      ];
    case "timeout":
      return [
        "upstream_timeout",
        {
          category: fault.isUnsent === true ? "infrastructure" : "network",
          retry: "same_key",
          nothingDone: fault.isUnsent === true,
          next: "Ask for less at once, or call again later, with the same idempotency_key where it had one.",
        },
      ];
    case "busy":
      return [
        "upstream_busy",
        {
          category: "infrastructure",
          retry: { afterMs: fault.retryAfterMs },
          nothingDone: fault.mayBeDone !== true,
          next: "Call again when the time in `retry` is over, with the same idempotency_key where it had one.",
        },
      ];
    case "unauthorized":
      return [
        "upstream_unauthorized",
        { category: "infrastructure", retry: "same_key", nothingDone: true, next: tellPeople },
      ];
    case "nonsense":
      return ["upstream_nonsense", { category: "network", next: tellPeople }];
    case "lost":
      return [
        "upstream_round_lost",
        { category: "infrastructure", next: "Begin anew: call again without `requestState` and `inputResponses`." },
      ];
    case "refused":
      return ["upstream_refused", refusal(fault)];
  }
}

function refusal({ code }: { readonly code: number }): CallErrorOptions {
  if (code === rpcCode.invalidParams)
    return { category: "validation", next: `It does not take what it was given. ${ITS_WORDS}` };
  if (clearNo.has(code)) return { category: "domain", next: tellPeople };
  return { category: "infrastructure", next: `${ITS_WORDS} If they do not help, tell the people who run this gate.` };
}
