import { UpstreamError } from "../upstream-error.ts";

const UNDEMANDED = "it names no authorization server";

/** An authorization server gave no token. No message holds one, nor what was sent. */
export class TokenError extends UpstreamError {
  /** OAuth's own code where it has refused, e.g. `invalid_grant`; undefined where it may give one a moment later. */
  readonly refusal: string | undefined;

  private constructor(
    message: string,
    refusal: string | undefined,
    { fault, cause }: { readonly fault: UpstreamError["fault"]; readonly cause?: unknown },
  ) {
    super(fault, message, cause === undefined ? undefined : { cause });
    this.refusal = refusal;
  }

  /** It has said no, and will go on saying so. */
  static refused(server: string, code: string, hint?: string): TokenError {
    return new TokenError(`${words(server)}: ${code}${hint === undefined ? "" : ` (${hint})`}`, code, {
      fault: { kind: "unauthorized", status: 401 },
    });
  }

  /** A server says nowhere that it wants any. */
  static undemanded(server: string): TokenError {
    return TokenError.refused(server, UNDEMANDED);
  }

  get isUndemanded(): boolean {
    return this.refusal === UNDEMANDED;
  }

  /** It is away, slow, broken, or wants to be left alone. The request to the upstream itself was not made. `cause` is for the log. */
  static unavailable(server: string, why: string, cause?: unknown): TokenError {
    const fault = { kind: "unreachable", sent: false } as const;
    return new TokenError(`${words(server)}: ${why}`, undefined, { fault, cause });
  }
}

/** What follows `token:` is masked in logs, and why there is none must be read there. */
function words(server: string): string {
  return `no token comes from ${server}`;
}
