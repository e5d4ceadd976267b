import type { BackendHost } from "../../define/backend-host.ts";
import type { Subject } from "../../define/subject.ts";
import type { StatementClaims } from "../../secrets/statements.ts";
import type { CredentialUse, UpstreamCredential } from "../credential.ts";
import { gateItself } from "../gate-subject.ts";

/** What the signed statement says, and where it stands in a request. */
export interface StatementOptions {
  /** Whom it is for, as the server knows itself: its address. */
  readonly audience: string;
  /** `x-callgate-statement` unless said otherwise. */
  readonly header?: string;
  /** Seconds for which it holds; 60 unless said otherwise. */
  readonly seconds?: number;
  /** Who a subject is to the server, as `sub`; left out, the subject's id as it stands in the gate's audit. */
  readonly subjectOf?: (subject: Subject) => string;
}

const SECONDS = 60;
/** As many are kept, of as many callers and tools. */
const MOST_KEPT = 1_000;

/**
 * Says with each request for whom it is, in a JWT that the gate signs (EdDSA): `sub`, `kind`, `user`, `tenant`, `account`,
 * `tool`, and `act` with the credential that called. The server verifies it by the keys at the gate's
 * `/.well-known/jwks.json`. It grants nothing: send it beside a credential, by `together`.
 */
export function statement({ audience, header, seconds = SECONDS, subjectOf }: StatementOptions): UpstreamCredential {
  const name = (header ?? "x-callgate-statement").toLowerCase();
  const kept = new Map<string, { readonly jwt: string; readonly until: number }>();
  let host: BackendHost | undefined;
  return {
    open: (given) => {
      host = given;
    },
    headers: async (use) => {
      if (host === undefined) throw new Error("the credential was not opened");
      const claims = claimsOf(use, { subjectOf, gate: host.statements.issuer });
      const key = JSON.stringify(claims);
      const now = performance.now();
      const known = kept.get(key);
      if (known !== undefined && now < known.until) return { [name]: known.jwt };
      const jwt = await host.statements.sign(claims, { audience, seconds });
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, { jwt, until: now + seconds * 500 });
      return { [name]: jwt };
    },
    refused: () => false,
  };
}

interface Naming {
  readonly subjectOf: StatementOptions["subjectOf"];
  /** Who it is where nobody called. */
  readonly gate: string;
}

/** What is said of whom a request is for; a member that is undefined is left out. */
export function claimsOf({ subject, tool }: CredentialUse, { subjectOf, gate }: Naming): StatementClaims {
  if (subject === undefined || subject.id === gateItself.id) return { sub: gate };
  const { id, kind, user, tenant, account, caller } = subject;
  const sub = subjectOf?.(subject) ?? id;
  return { sub, kind, user, tenant, account, tool, act: caller === undefined ? undefined : { sub: caller } };
}
