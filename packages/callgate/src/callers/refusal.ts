import type { GateErrorCode } from "../define/error-codes.ts";
import type { ErrorAnswer } from "../wire/exchange.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";

/** A caller that does not come in. */
export interface RefusedCaller {
  readonly kind: "refused";
  readonly code: GateErrorCode;
  readonly answer: ErrorAnswer;
}

const CHALLENGE = { "www-authenticate": 'Bearer realm="callgate"' } as const;

/** The same words for a credential that is unknown, expired or revoked: a guess learns nothing. */
export const invalidCredential: RefusedCaller = Object.freeze({
  kind: "refused",
  code: "credential_invalid",
  answer: rpcError(
    rpcCode.unauthenticated,
    "The credential is not valid here. Ask the people who run this gate for a new one.",
    {
      httpStatus: 401,
      httpHeaders: { "www-authenticate": 'Bearer realm="callgate", error="invalid_token"' },
      data: { code: "credential_invalid" },
    },
  ),
});

/** A key that was good once: the audit may know it, whoever still has it learns no more than a guesser. */
export const endedCredential: RefusedCaller = Object.freeze({ ...invalidCredential, code: "credential_ended" });

/** Nothing was presented, and the gate has no mode for strangers. */
export const credentialRequired: RefusedCaller = Object.freeze({
  kind: "refused",
  code: "credential_required",
  answer: rpcError(
    rpcCode.unauthenticated,
    "This gate needs a credential: send `Authorization: Bearer <key>`, or set CALLGATE_KEY over stdio.",
    {
      httpStatus: 401,
      httpHeaders: CHALLENGE,
      data: { code: "credential_required" },
    },
  ),
});

/** The store of keys or a function of the team does not answer; the credential may well be right. */
export const credentialsUnchecked: RefusedCaller = Object.freeze({
  kind: "refused",
  code: "credential_unchecked",
  answer: rpcError(rpcCode.unavailable, "Credentials cannot be checked at the moment. Try again in 5 s.", {
    httpStatus: 503,
    httpHeaders: { "retry-after": "5" },
    data: { code: "credential_unchecked", retry: { afterMs: 5_000 } },
  }),
});

/** A channel without `identity:assert` says whom it speaks for. */
export const identityRefused: RefusedCaller = Object.freeze({
  kind: "refused",
  code: "identity_refused",
  answer: rpcError(rpcCode.forbidden, "This key may not say whom it speaks for: it lacks identity:assert.", {
    httpStatus: 403,
    data: { code: "identity_refused" },
  }),
});

/** A credential rides along for a domain that it does not name, or that is not there for this caller. */
export function unclearDomain(message: string): RefusedCaller {
  return {
    kind: "refused",
    code: "domain_credential_unclear",
    answer: rpcError(rpcCode.invalidRequest, message, { httpStatus: 400, data: { code: "domain_credential_unclear" } }),
  };
}

/** Nothing from this address is looked at for so many milliseconds. */
export function tooManyGuesses(afterMs: number): RefusedCaller {
  const seconds = Math.ceil(afterMs / 1000);
  return {
    kind: "refused",
    code: "too_many_guesses",
    answer: rpcError(rpcCode.limited, `Too many wrong credentials from this address. Try again in ${seconds} s.`, {
      httpStatus: 429,
      httpHeaders: { "retry-after": String(seconds) },
      data: { code: "too_many_guesses", retry: { afterMs } },
    }),
  };
}
