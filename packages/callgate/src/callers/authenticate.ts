import type { AuthenticateFunction, CallersConfig, PresentedCredential } from "../define/gate-config.ts";
import type { KeyRow } from "../store/key-port.ts";
import type { Presented } from "../wire/exchange.ts";
import { type Known, knownByIdentity } from "./build-subject.ts";
import type { KeyDirectory } from "./key-directory.ts";
import { within } from "./within.ts";

const ASK_MS = 2_000;

/** Who a credential belongs to: a key of this gate, or somebody the team's own function knows. */
export type Proof =
  | { readonly kind: "key"; readonly row: KeyRow }
  | { readonly kind: "known"; readonly known: Known }
  | { readonly kind: "unknown" };

const UNKNOWN: Proof = { kind: "unknown" };

/** Asks the authenticators in their order. A function that throws, hangs or talks nonsense refuses: nobody else is asked. */
export class Authentication {
  readonly #authenticators: NonNullable<CallersConfig["authenticate"]>;
  readonly #keys: KeyDirectory;

  constructor(config: CallersConfig, keys: KeyDirectory) {
    this.#authenticators = config.authenticate ?? [];
    this.#keys = keys;
  }

  /** True where a function may know callers by something else than a bearer credential: a cookie, a header. */
  get readsHeaders(): boolean {
    return this.#authenticators.some((authenticator) => typeof authenticator === "function");
  }

  prove(bearer: string | undefined, presented: Presented): Proof | Promise<Proof> {
    const first = this.#authenticators[0];
    if (this.#authenticators.length === 1 && first !== undefined && typeof first !== "function")
      return this.#byKey(bearer);
    return this.#inOrder(bearer, presented);
  }

  #byKey(bearer: string | undefined): Proof | Promise<Proof> {
    if (bearer === undefined) return UNKNOWN;
    const row = this.#keys.find(bearer);
    return row instanceof Promise ? row.then(toProof) : toProof(row);
  }

  async #inOrder(bearer: string | undefined, presented: Presented): Promise<Proof> {
    for (const authenticator of this.#authenticators) {
      const proof =
        typeof authenticator === "function" ? await ask(authenticator, bearer, presented) : await this.#byKey(bearer);
      if (proof.kind !== "unknown") return proof;
    }
    return UNKNOWN;
  }
}

function toProof(row: KeyRow | undefined): Proof {
  return row === undefined ? UNKNOWN : { kind: "key", row };
}

/** The team's function broke, or answered with something that is no identity. */
export class AuthenticationBroke extends Error {
  override readonly name = "AuthenticationBroke";
}

async function ask(
  authenticate: AuthenticateFunction,
  bearer: string | undefined,
  presented: Presented,
): Promise<Proof> {
  const credential: PresentedCredential = {
    bearer,
    header: (name) => presented.header(name.toLowerCase()),
    cookie: (name) => cookieOf(presented.header("cookie"), name),
    remoteAddress: presented.remoteAddress,
  };
  const identity = await within(ASK_MS, (signal) => authenticate(credential, signal));
  if (identity === undefined) return UNKNOWN;
  const known = typeof identity === "object" && identity !== null ? knownByIdentity(identity) : undefined;
  if (known === undefined) throw new AuthenticationBroke("authenticate must answer with an identity, or undefined");
  return { kind: "known", known };
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const cut = part.indexOf("=");
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim();
  }
  return undefined;
}
