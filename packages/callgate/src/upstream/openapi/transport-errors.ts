import { CallError, isCallError } from "../../define/call-error.ts";

/** Failures before a byte of the request is sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set(
  [
    "ADDRESS_BLOCKED CONNECTIONS_CLOSED ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH",
    "UND_ERR_CONNECT_TIMEOUT CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN ERR_TLS_CERT_ALTNAME_INVALID",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  ].flatMap((line) => line.split(" ")),
);

/** An API that could not be reached, or broke off; says whether the request may have arrived. */
export function brokenConnection(cause: unknown): unknown {
  const { code, errors } = cause as {
    readonly code?: unknown;
    readonly errors?: readonly { readonly code?: unknown }[];
  };
  if (code === undefined && errors === undefined) return cause;
  const nothingDone = NEVER_SENT.has(code) || (errors?.every((each) => NEVER_SENT.has(each.code)) ?? false);
  return new CallError("api_unreachable", nothingDone ? "The API cannot be reached." : "The API broke off.", {
    category: "network",
    nothingDone,
    next: "Try again later, or tell the people who run this.",
    retry: nothingDone ? "same_key" : { afterMs: 1_000 },
    cause,
  });
}

/** The gate's own credential could not be had: nothing was sent. */
export function withoutCredential(cause: unknown): CallError {
  if (isCallError(cause)) return cause;
  return new CallError(
    "api_credential_refused",
    "This gate's own credential for the API cannot be had at the moment.",
    {
      category: "infrastructure",
      nothingDone: true,
      next: "This is no fault of yours or of the arguments. Try again later, or tell the people who run this.",
      retry: "same_key",
      cause,
    },
  );
}

/** An address that only the API has chosen is not gone to with its credential, nor is anything written twice. */
export function redirected(status: number): CallError {
  return new CallError(
    "api_redirected",
    `The API says that this is elsewhere (${status}), and is not followed there.`,
    {
      category: "infrastructure",
      next: "Tell the people who run this: the API has moved.",
    },
  );
}
