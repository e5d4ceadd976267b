import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { cookieOf } from "../../callers/cookie-of.ts";

/** Seals JSON with the gate's key ring, for one purpose; see the ledger's sealer. */
export interface PageSealer {
  sealText(purpose: string, value: unknown): string;
  /** Undefined where the text is not this gate's own for this purpose. */
  unsealText(purpose: string, text: string): unknown;
}

/** A browser that has been here: what its forms are bound to, and the credential of who signed in with one. */
export interface PageSession {
  readonly nonce: string;
  readonly credential: string | undefined;
  readonly expiresAt: number;
}

export interface PageSessionsOptions {
  readonly sealer: PageSealer;
  readonly clock: () => number;
  /** Where the pages are: the cookie goes nowhere else. */
  readonly path: string;
  /** True where people reach the gate by https. */
  readonly secure: boolean;
}

const LIFE_MS = 30 * 60_000;
const SESSION_PURPOSE = "callgate page session";
const FORM_PURPOSE = "callgate page form";

/**
 * Sessions of browsers, kept in their cookie alone, sealed, for half an hour: any replica reads it, and the credential
 * within it is judged anew by every request.
 */
export class PageSessions {
  readonly #options: PageSessionsOptions;
  readonly #cookie: string;

  constructor(options: PageSessionsOptions) {
    this.#options = options;
    this.#cookie = options.secure ? "__Secure-callgate-pages" : "callgate-pages";
  }

  /** The session of a request's cookie; undefined where it has none that holds. */
  of(request: IncomingMessage): PageSession | undefined {
    const text = cookieOf(request.headers.cookie, this.#cookie);
    if (text === undefined || text.length > 4_096) return undefined;
    const session = this.#options.sealer.unsealText(SESSION_PURPOSE, text) as PageSession | undefined;
    return session !== undefined && session.expiresAt > this.#options.clock() ? session : undefined;
  }

  /** A session that nobody knew before: for a browser that comes for the first time, and for whoever signs in or out. */
  begin(credential?: string): PageSession {
    return { nonce: randomBytes(18).toString("base64url"), credential, expiresAt: this.#options.clock() + LIFE_MS };
  }

  /** The header that has the browser keep it. */
  header(session: PageSession): Readonly<Record<string, string>> {
    const { sealer, path, secure } = this.#options;
    const text = sealer.sealText(SESSION_PURPOSE, session);
    const rules = `Path=${path}; Max-Age=${LIFE_MS / 1_000}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
    return { "set-cookie": `${this.#cookie}=${text}; ${rules}` };
  }

  /** What a form carries, so that only this browser's own form for this one thing is taken. */
  tokenFor({ nonce }: PageSession, about: string): string {
    return this.#options.sealer.sealText(FORM_PURPOSE, { nonce, about, once: randomBytes(18).toString("base64url") });
  }

  /** The text that tells this form from every other, the same each time it is sent; undefined where it is not this session's. */
  readToken({ nonce }: PageSession, about: string, token: string): string | undefined {
    if (token.length > 1_024) return undefined;
    const read = this.#options.sealer.unsealText(FORM_PURPOSE, token) as FormToken | undefined;
    return read !== undefined && read.about === about && isSame(read.nonce, nonce) ? read.once : undefined;
  }
}

interface FormToken {
  readonly nonce: string;
  readonly about: string;
  readonly once: string;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
