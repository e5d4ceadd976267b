import type { CallersConfig, LimitsConfig } from "../define/gate-config.ts";
import type { Subject } from "../define/subject.ts";
import { RateLimit } from "../limits/rate-limit.ts";
import type { KeyRow, KeyStore } from "../store/key-port.ts";
import type { Presented, RequestMeta } from "../wire/exchange.ts";
import { Authentication, type Proof } from "./authenticate.ts";
import {
  clientSubject,
  type Known,
  knownByIdentity,
  knownByKey,
  smallestSubject,
  strangerSubject,
  subjectByCredential,
  subjectWith,
} from "./build-subject.ts";
import { type Credential, credentialOf, UnclearDomainCredential } from "./credential.ts";
import { KeyDirectory } from "./key-directory.ts";
import { accountFor, assertedIdentity } from "./known-client.ts";
import {
  credentialRequired,
  identityRefused,
  invalidCredential,
  type RefusedCaller,
  tooManyGuesses,
  unclearDomain,
} from "./refusal.ts";
import { Roles } from "./roles.ts";
import { covers } from "./visible.ts";

const DEFAULT_GUESSES = "30/min";

/** A caller that came in, with the credentials that ride along for single domains. */
export interface IdentifiedCaller {
  readonly kind: "subject";
  readonly subject: Subject;
  readonly domainCredentials: ReadonlyMap<string, string> | undefined;
}

export type Identified = IdentifiedCaller | RefusedCaller;

/** Finds out who calls. Synchronous where a key and its rights are known already. */
export interface Callers {
  identify(presented: Presented, meta: RequestMeta, endpoint: string | undefined): Identified | Promise<Identified>;
  close(): Promise<void>;
}

export interface CallersOptions {
  readonly config: CallersConfig;
  readonly limits: LimitsConfig;
  readonly keys: KeyStore;
  readonly clock: () => number;
  /** Who the local operator is, where a program runs the gate within its own process. */
  readonly localOperator?: Subject | undefined;
}

export function createCallers(options: CallersOptions): Callers {
  return new GateCallers(options);
}

class GateCallers implements Callers {
  readonly #config: CallersConfig;
  readonly #keys: KeyDirectory;
  readonly #authentication: Authentication;
  readonly #roles: Roles;
  readonly #guesses: RateLimit;
  readonly #stranger: Identified;
  readonly #localOperator: Subject | undefined;
  readonly #byKey = new WeakMap<KeyRow, Map<string, IdentifiedCaller>>();

  constructor({ config, limits, keys, clock, localOperator }: CallersOptions) {
    this.#config = config;
    this.#keys = new KeyDirectory(keys, clock);
    this.#authentication = new Authentication(config, this.#keys);
    this.#roles = new Roles(config, clock);
    this.#guesses = new RateLimit(limits.guesses ?? DEFAULT_GUESSES, clock);
    this.#stranger =
      config.anonymous === undefined ? credentialRequired : toIdentified(strangerSubject(config), undefined);
    this.#localOperator = localOperator;
  }

  identify(presented: Presented, meta: RequestMeta, endpoint: string | undefined): Identified | Promise<Identified> {
    let credential: Credential;
    try {
      credential = credentialOf(presented, endpoint);
    } catch (error) {
      if (error instanceof UnclearDomainCredential) return unclearDomain(error.message);
      throw error;
    }
    if (credential.bearer === undefined && presented.local) return this.#local();
    if (credential.bearer === undefined && !this.#authentication.readsHeaders) return this.#stranger;
    const proof = this.#prove(credential, presented);
    const calling = { presented, meta, credential };
    return proof instanceof Promise
      ? proof.then((proved) => this.#admit(proved, calling))
      : this.#admit(proof, calling);
  }

  async close(): Promise<void> {
    await this.#keys.close();
  }

  #prove({ bearer }: Credential, presented: Presented): Proof | "broke" | Promise<Proof | "broke"> {
    const proof = this.#authentication.prove(bearer, presented);
    return proof instanceof Promise ? proof.catch(() => "broke" as const) : proof;
  }

  #admit(proof: Proof | "broke", { presented, meta, credential }: Calling): Identified | Promise<Identified> {
    if (proof === "broke") return invalidCredential;
    if (proof.kind === "unknown") return credential.bearer === undefined ? this.#stranger : this.#wrong(presented);
    if (proof.kind === "known") return this.#withRole(proof.known).then((subject) => toIdentified(subject, credential));
    return proof.row.kind === "channel" ? this.#client(proof.row, meta) : this.#keyHolder(proof.row, credential);
  }

  /** A wrong credential is refused, never lowered to a stranger; too many from one address are slowed down. */
  #wrong({ remoteAddress }: Presented): Identified {
    const wait = this.#guesses.take(remoteAddress ?? "");
    return wait > 0 ? tooManyGuesses(wait) : invalidCredential;
  }

  #local(): Identified | Promise<Identified> {
    if (this.#localOperator !== undefined) return toIdentified(this.#localOperator, undefined);
    const known = this.#config.local === undefined ? undefined : knownByIdentity(this.#config.local);
    if (known === undefined) return this.#stranger;
    return this.#withRole(known).then((subject) => toIdentified(subject, undefined));
  }

  #keyHolder(row: KeyRow, credential: Credential): Identified | Promise<Identified> {
    const known = knownByKey(row as Parameters<typeof knownByKey>[0]);
    const role = this.#roleName(known);
    if (role instanceof Promise) return role.then((name) => toIdentified(this.#rightsOf(known, name), credential));
    const kept = this.#byKey.get(row) ?? new Map<string, IdentifiedCaller>();
    this.#byKey.set(row, kept);
    let identified = kept.get(role ?? "");
    if (identified === undefined) {
      identified = toIdentified(this.#rightsOf(known, role), undefined);
      kept.set(role ?? "", identified);
    }
    return credential.forDomains === undefined ? identified : toIdentified(identified.subject, credential);
  }

  async #withRole(known: Known): Promise<Subject> {
    return this.#rightsOf(known, await this.#roleName(known));
  }

  /** The books of the team come first where there are any: they know of a change before a key does. */
  #roleName(known: Known): string | undefined | Promise<string | undefined> {
    if (known.kind === "operator" || known.role !== undefined || known.user === undefined) return known.role;
    return this.#roles.of({ user: known.user, kind: known.kind, tenant: known.tenant });
  }

  #rightsOf(known: Known, roleName: string | undefined): Subject {
    if (known.kind === "operator" || !this.#roles.inUse) return subjectByCredential(known);
    const role = this.#roles.named(roleName);
    return role === undefined ? smallestSubject(known, this.#config) : subjectWith({ ...known, role: roleName }, role);
  }

  #client(row: KeyRow, meta: RequestMeta): Identified | Promise<Identified> {
    const stranger = (): Identified =>
      this.#config.anonymous === undefined
        ? credentialRequired
        : toIdentified(strangerSubject(this.#config, row.id), undefined);
    const identity = assertedIdentity(meta);
    const { clients } = this.#config;
    if (identity === undefined || clients === undefined) return stranger();
    if (!covers(row.scopes, "identity:assert")) return identityRefused;
    return accountFor(clients, identity).then((account) =>
      account === undefined ? stranger() : toIdentified(clientSubject(clients, account, row), undefined),
    );
  }
}

interface Calling {
  readonly presented: Presented;
  readonly meta: RequestMeta;
  readonly credential: Credential;
}

function toIdentified(subject: Subject, credential: Credential | undefined): IdentifiedCaller {
  return { kind: "subject", subject, domainCredentials: credential?.forDomains };
}
