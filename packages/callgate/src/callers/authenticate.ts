import type { AuthenticateFunction, CallersConfig, PresentedCredential } from "../define/gate-config.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import type { KeyRow } from "../store/key-port.ts";
import type { Presented } from "../wire/exchange.ts";
import { cookieOf } from "./cookie-of.ts";
import { type Credential, withoutDomainCredentials } from "./credential.ts";
import type { FoundKey, KeyDirectory } from "./key-directory.ts";
import { type Known, knownByIdentity } from "./known.ts";
import type { TeamFunctions } from "./team-functions.ts";

/**
 * Who a credential belongs to: a key of this gate, or somebody the team's own function knows. `ended`: a key
 * revoked or expired; `broke`: a function threw, hung or talked nonsense; `unavailable`: the store does not answer.
 */
export type Proof =
  | { readonly kind: "key"; readonly row: KeyRow }
  | { readonly kind: "known"; readonly known: Known }
  | { readonly kind: "unknown" | "ended" | "broke" | "unavailable" };

const UNKNOWN: Proof = { kind: "unknown" };
const ENDED: Proof = { kind: "ended" };
const BROKE: Proof = { kind: "broke" };
const UNAVAILABLE: Proof = { kind: "unavailable" };

/** Finds whom a credential belongs to; what it says is never more than the credential proves. */
export class Authentication {
  readonly #functions: readonly AuthenticateFunction[];
  readonly #keys: KeyDirectory | undefined;
  readonly #team: TeamFunctions;

  constructor({ authenticate = [] }: CallersConfig, keys: KeyDirectory, team: TeamFunctions) {
    this.#team = team;
    this.#functions = authenticate.filter((each) => typeof each === "function");
    this.#keys = authenticate.length > this.#functions.length ? keys : undefined;
  }

  /** True where a function may know callers by something else than a presented key: a cookie, a header. */
  get asksFunctions(): boolean {
    return this.#functions.length > 0;
  }

  /** The gate's own keys: asked before any function, so that no function is shown one. */
  byKey(secret: string | undefined): MaybePromise<Proof> {
    if (secret === undefined || this.#keys === undefined) return UNKNOWN;
    try {
      const found = this.#keys.find(secret);
      return found instanceof Promise ? found.then(toProof, (error) => this.#unavailable(error)) : toProof(found);
    } catch (error) {
      return this.#unavailable(error);
    }
  }

  /** The team's functions in their order, up to the first that knows the caller or breaks. */
  async byFunctions(credential: Credential, presented: Presented): Promise<Proof> {
    const shown = toPresentedCredential(credential, presented);
    for (const authenticate of this.#functions) {
      const proof = await this.#ask(authenticate, shown);
      if (proof.kind !== "unknown") return proof;
    }
    return UNKNOWN;
  }

  async #ask(authenticate: AuthenticateFunction, shown: PresentedCredential): Promise<Proof> {
    const answer = await this.#team.ask("authenticate", (signal) => authenticate(shown, signal), knownByIdentity);
    if (answer === undefined) return BROKE;
    return answer.value === undefined ? UNKNOWN : { kind: "known", known: answer.value };
  }

  #unavailable(error: unknown): Proof {
    this.#team.failed("the store does not say which keys there are", error);
    return UNAVAILABLE;
  }
}

function toProof(found: FoundKey): Proof {
  if (found === undefined) return UNKNOWN;
  return found === "ended" ? ENDED : { kind: "key", row: found };
}

/** Credentials that ride along for single domains are for those domains: no function sees them. */
function toPresentedCredential({ bearer }: Credential, presented: Presented): PresentedCredential {
  return {
    bearer,
    header: (name) => {
      const lower = name.toLowerCase();
      if (lower === "authorization") return bearer === undefined ? presented.authorization : `Bearer ${bearer}`;
      const value = presented.header(lower);
      return lower === "x-api-key" && value !== undefined ? withoutDomainCredentials(value) : value;
    },
    cookie: (name) => cookieOf(presented.header("cookie"), name),
    remoteAddress: presented.remoteAddress,
  };
}
