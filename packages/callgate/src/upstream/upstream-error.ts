/** Why a server gave no result. */
export type UpstreamFault =
  /** Not reached, or the connection broke before an answer; `sent` tells whether the request may have arrived. */
  | {
      readonly kind: "unreachable";
      readonly sent: boolean;
      /** It is there, and does not know the session any more: another one may be begun. */
      readonly isForgotten?: boolean;
    }
  /** No answer in time; the request may have arrived. */
  | {
      readonly kind: "timeout";
      /** Whoever asks had no time left before the request was sent, which tells nothing of the server. */
      readonly isUnsent?: boolean;
    }
  /** It is there and wants to be left alone for a while: not its failure. */
  | {
      readonly kind: "busy";
      readonly retryAfterMs: number;
      /** What stands before it says so, and may have passed the request on. */
      readonly mayBeDone?: boolean;
    }
  /** It does not take the credential. */
  | { readonly kind: "unauthorized"; readonly status: number }
  /** Whatever came was no answer in the protocol; the request may have arrived. */
  | { readonly kind: "nonsense"; readonly status?: number }
  /** The call that an answer of the client was for is not held any more, or is not this subject's. */
  | { readonly kind: "lost" }
  /** A JSON-RPC error of its own, in its own words. */
  | { readonly kind: "refused"; readonly code: number; readonly words: string; readonly data: unknown };

/** A request to a server that already exists gave no result. The message is for people and holds no secret. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly fault: UpstreamFault;

  constructor(fault: UpstreamFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
