import type { CallLog } from "../define/context.ts";
import type { CallersConfig } from "../define/gate-config.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import type { Subject } from "../define/subject.ts";
import type { Limiter } from "../limits/limiter.ts";
import type { KeyRow, KeyStore } from "../store/key-port.ts";
import type { Presented, RequestMeta } from "../wire/exchange.ts";
import { Authentication, type Proof } from "./authenticate.ts";
import { clientSubject, strangerSubject } from "./build-subject.ts";
import { type Credential, credentialOf, domainCredentials, UnclearDomainCredential } from "./credential.ts";
import { GuessLimit } from "./guess-limit.ts";
import { KeyDirectory } from "./key-directory.ts";
import { type HeldKey, type Known, knownByIdentity } from "./known.ts";
import { accountFor, assertedIdentity } from "./known-client.ts";
import {
  credentialRequired,
  credentialsUnchecked,
  endedCredential,
  identityRefused,
  invalidCredential,
  type RefusedCaller,
  tooManyGuesses,
  unclearDomain,
} from "./refusal.ts";
import { Rights } from "./rights.ts";
import { TeamFunctions } from "./team-functions.ts";
import { covers } from "./visible.ts";

/** A caller that came in, with the credentials that ride along for single domains. */
export interface IdentifiedCaller {
  readonly kind: "subject";
  readonly subject: Subject;
  readonly domainCredentials: ReadonlyMap<string, string> | undefined;
  /** When its key ends by itself; undefined where it does not, or where the caller has none of this gate. */
  readonly expiresAt: number | undefined;
}

export type Identified = IdentifiedCaller | RefusedCaller;

/** Finds out who calls. Synchronous where a key and its rights are known already; never throws or rejects. */
export interface Callers {
  identify(presented: Presented, meta: RequestMeta, endpoint: string | undefined): MaybePromise<Identified>;
  close(): Promise<void>;
}

export interface CallersOptions {
  readonly config: CallersConfig;
  /** Counts wrong credentials, by the network that they come from. */
  readonly guesses: Limiter;
  readonly keys: KeyStore;
  readonly clock: () => number;
  /** Told of every failure of the store and of the config's functions: callers learn nothing of one. */
  readonly log: CallLog;
  /** Whether a subject sees anything of a domain: of others it learns not even that they are there. */
  readonly seesDomain: (subject: Subject, domain: string) => boolean;
  /** Gives a subject the flags that are on for it; never rejects. Left out: the gate has no flags. */
  readonly rollOut?: ((subject: Subject) => MaybePromise<Subject>) | undefined;
  /** Milliseconds that each of the config's functions has; two seconds unless said otherwise. */
  readonly askMs?: number;
}

export function createCallers(options: CallersOptions): Callers {
  return new GateCallers(options);
}

interface Calling {
  readonly presented: Presented;
  readonly meta: RequestMeta;
  readonly credential: Credential;
  readonly endpoint: string | undefined;
}

class GateCallers implements Callers {
  readonly #config: CallersConfig;
  readonly #keys: KeyDirectory;
  readonly #authentication: Authentication;
  readonly #rights: Rights;
  readonly #team: TeamFunctions;
  readonly #guesses: GuessLimit;
  readonly #stranger: Identified;
  readonly #seesDomain: CallersOptions["seesDomain"];
  readonly #rollOut: CallersOptions["rollOut"];
  readonly #local: Known | undefined;

  constructor({ config, guesses, keys, clock, log, seesDomain, rollOut, askMs }: CallersOptions) {
    this.#config = config;
    this.#seesDomain = seesDomain;
    this.#rollOut = rollOut;
    this.#keys = new KeyDirectory(keys, clock);
    this.#team = new TeamFunctions({ log, clock, askMs });
    this.#authentication = new Authentication(config, this.#keys, this.#team);
    this.#rights = new Rights(config, this.#team, clock);
    this.#guesses = new GuessLimit(guesses);
    this.#stranger = config.anonymous === undefined ? credentialRequired : toIdentified(strangerSubject(config));
    this.#local = knownByIdentity(config.local);
  }

  identify(presented: Presented, meta: RequestMeta, endpoint: string | undefined): MaybePromise<Identified> {
    const credential = credentialOf(presented);
    if (credential.secret === undefined && presented.local && this.#local !== undefined) {
      return this.#rights.of(this.#local).then((subject) => this.#rolledOut(toIdentified(subject)));
    }
    const calling = { presented, meta, credential, endpoint };
    const proof = this.#authentication.byKey(credential.secret);
    return after(proof, (each) => this.#admit(each, calling));
  }

  async close(): Promise<void> {
    await this.#keys.close();
  }

  #admit(proof: Proof, calling: Calling): MaybePromise<Identified> {
    if (proof.kind !== "key") {
      return proof.kind === "unknown" && this.#authentication.asksFunctions
        ? this.#askFunctions(calling)
        : this.#conclude(proof, calling);
    }
    const { row } = proof;
    return isHeldKey(row) ? this.#keyHolder(row, calling) : this.#client(row, calling);
  }

  /** Too many wrong ones from an address, and nothing from there is asked about: not even what would be right. */
  async #askFunctions(calling: Calling): Promise<Identified> {
    const { presented, credential } = calling;
    const before = this.#waitOf(calling);
    const waitBefore = before instanceof Promise ? await before : before;
    if (waitBefore > 0) return tooManyGuesses(waitBefore);
    const proof = await this.#authentication.byFunctions(credential, presented);
    if (proof.kind !== "known") return this.#conclude(proof, calling);
    // Guesses sent all at once are judged by what became of those before them, in their order: nothing else is waited for.
    const after = this.#waitOf(calling);
    const waitAfter = after instanceof Promise ? await after : after;
    return waitAfter > 0 ? tooManyGuesses(waitAfter) : this.#conclude(proof, calling);
  }

  #waitOf(calling: Calling): MaybePromise<number> {
    return this.#isGuess(calling) ? this.#guesses.waitFor(calling.presented.remoteAddress) : 0;
  }

  #conclude(proof: Proof, calling: Calling): MaybePromise<Identified> {
    const { presented, credential } = calling;
    if (proof.kind === "known") return this.#rights.of(proof.known).then((subject) => this.#admitted(subject, calling));
    if (proof.kind === "unavailable") return credentialsUnchecked;
    if (proof.kind === "unknown" && credential.secret === undefined) return this.#rolledOut(this.#stranger);
    // Functions that throw for a wrong credential must not make it free to guess.
    const refusal = refusalOf(proof);
    const wait = this.#isGuess(calling) ? this.#guesses.wrong(presented.remoteAddress) : 0;
    const judge = (afterMs: number): Identified => (afterMs > 0 ? tooManyGuesses(afterMs) : refusal);
    return after(wait, judge);
  }

  #isGuess({ presented, credential }: Calling): boolean {
    return credential.secret !== undefined && !presented.local;
  }

  #keyHolder(row: HeldKey, calling: Calling): MaybePromise<Identified> {
    return after(this.#rights.ofKey(row), (subject) => this.#admitted(subject, calling, row));
  }

  #client(row: KeyRow, calling: Calling): MaybePromise<Identified> {
    const stranger = (): MaybePromise<Identified> => this.#admitted(strangerSubject(this.#config, row), calling, row);
    const identity = assertedIdentity(calling.meta);
    if (identity === undefined) return stranger();
    if (!covers(row.scopes, "identity:assert")) return identityRefused;
    const { clients } = this.#config;
    if (clients === undefined) return stranger();
    return accountFor(clients, identity, this.#team).then((account) =>
      account === undefined ? stranger() : this.#admitted(clientSubject(clients, account, row), calling, row),
    );
  }

  #admitted(subject: Subject, calling: Calling, key?: KeyRow): MaybePromise<Identified> {
    const rolledOut = this.#rollOut?.(subject) ?? subject;
    return after(rolledOut, (each) => this.#withCredentials(each, calling, key));
  }

  #rolledOut(identified: Identified): MaybePromise<Identified> {
    if (this.#rollOut === undefined || identified.kind === "refused") return identified;
    return after(this.#rollOut(identified.subject), (subject) => toIdentified(subject));
  }

  /** Whose the riding credentials are can be said only now: a domain that the subject does not see is none. */
  #withCredentials(subject: Subject, { credential, endpoint }: Calling, key?: KeyRow): Identified {
    try {
      const has = (domain: string): boolean => this.#seesDomain(subject, domain);
      return {
        kind: "subject",
        subject,
        domainCredentials: domainCredentials(credential, { endpoint, has }),
        expiresAt: key?.expiresAt,
      };
    } catch (error) {
      if (error instanceof UnclearDomainCredential) return unclearDomain(error.message);
      throw error;
    }
  }
}

function toIdentified(subject: Subject): IdentifiedCaller {
  return { kind: "subject", subject, domainCredentials: undefined, expiresAt: undefined };
}

function refusalOf({ kind }: Proof): RefusedCaller {
  if (kind === "broke") return credentialsUnchecked;
  return kind === "ended" ? endedCredential : invalidCredential;
}

function isHeldKey(row: KeyRow): row is HeldKey {
  return row.kind !== "channel";
}
