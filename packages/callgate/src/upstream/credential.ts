import type { MaybePromise } from "../define/maybe-promise.ts";
import type { Subject } from "../define/subject.ts";

/** Whom a request to an upstream is for, and how long is left for getting a token. */
export interface CredentialUse {
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** What a server that already exists is shown, instead of anything that the client has presented. */
export interface UpstreamCredential {
  /** The headers of one request; names in lower case. A rejection means that the request is not made. */
  headers(use: CredentialUse): MaybePromise<Readonly<Record<string, string>>>;
  /** The server has refused those headers (401). True: others are there by now, and one more try is worth it. */
  refused(use: CredentialUse, headers: Readonly<Record<string, string>>): MaybePromise<boolean>;
  close?(): MaybePromise<void>;
}
