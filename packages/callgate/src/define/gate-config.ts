import type { StoreDeclaration } from "../store/port.ts";
import type { Rate } from "./backend.ts";
import type { AnyDomain } from "./domain.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Identity, Subject } from "./subject.ts";

/** A credential as a client presented it; header names are lower case. */
export interface PresentedCredential {
  /** What stood behind `Authorization: Bearer`, without a domain key. */
  readonly bearer: string | undefined;
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  readonly remoteAddress: string | undefined;
}

/** The keys that Callgate issues itself. */
export interface ApiKeysAuthenticator {
  readonly kind: "api-keys";
}

/**
 * From a credential to whom it belongs: a team's own keys, sessions, single sign-on. `undefined`: not one of
 * mine. Has two seconds; after a throw, a hang or nonsense the call is refused with 503, not 401.
 */
export type AuthenticateFunction = (
  presented: PresentedCredential,
  signal: AbortSignal,
) => MaybePromise<Identity | undefined>;

export type Authenticator = ApiKeysAuthenticator | AuthenticateFunction;

/** Accepts the keys that `callgate keys` issues. */
export function apiKeys(): ApiKeysAuthenticator {
  return { kind: "api-keys" };
}

/** What a role may use: its modes, and scopes where `bookings:*` covers `bookings:read`. */
export interface Role {
  readonly modes?: readonly string[];
  readonly scopes: readonly string[];
  readonly domains?: readonly string[];
}

/** What a channel says of a known client, in `_meta["io.callgate/identity"]`. */
export type AssertedIdentity = Readonly<Record<string, string>>;

/** How known clients are served: their mode, and the account that their identity belongs to. */
export interface ClientsConfig {
  readonly mode: string;
  readonly scopes?: readonly string[];
  /** The account of this identity; `undefined` (or a throw) leaves the caller a stranger. */
  accountOf(identity: AssertedIdentity, signal: AbortSignal): MaybePromise<string | undefined>;
}

export interface CallersConfig {
  readonly authenticate?: readonly Authenticator[];
  /** A person's role by the team's own books. A throw, a hang or an unknown role gives the smallest set. */
  readonly roleOf?: (
    who: { readonly user: string; readonly kind: Subject["kind"]; readonly tenant: string | undefined },
    signal: AbortSignal,
  ) => MaybePromise<string | undefined>;
  readonly roles?: Readonly<Record<string, Role>>;
  readonly clients?: ClientsConfig;
  /** What callers without a credential may use; left out: nothing, they are asked for one. */
  readonly anonymous?: { readonly mode: string; readonly scopes?: readonly string[] };
  /** The user of one's own machine over stdio, where `CALLGATE_KEY` is not set. */
  readonly local?: Identity;
}

export interface LimitsConfig {
  /** Calls per subject and tool where the tool says nothing; `"600/min"` unless said otherwise. */
  readonly rate?: Rate;
  /** Calls in flight over all; further ones are refused. 1,024 unless said otherwise. */
  readonly inFlight?: number;
  /** Wrong credentials per address; `"30/min"` unless said otherwise. */
  readonly guesses?: Rate;
}

export interface AuditConfig {
  /** Further argument or result fields to mask, by name. */
  readonly maskFields?: readonly string[];
  /** Further patterns to mask within texts. */
  readonly maskPatterns?: readonly RegExp[];
  /** A longer payload is cut in the audit, and says so; 8,192 bytes unless said otherwise. */
  readonly maxPayloadBytes?: number;
}

export interface ServerConfig {
  /** Where people reach the gate, e.g. `https://tools.example.com`; its host is accepted in `Host`. */
  readonly publicUrl?: string;
  readonly allowedOrigins?: readonly string[];
  readonly allowedHosts?: readonly string[];
  /** Bytes; 1 MiB unless said otherwise. */
  readonly maxBodyBytes?: number;
}

export interface GateConfig {
  readonly name: string;
  readonly version?: string;
  /** What a model should know before it uses any tool here. */
  readonly instructions?: string;
  readonly domains: readonly AnyDomain[];
  readonly callers: CallersConfig;
  readonly store: StoreDeclaration;
  /** Whether a call says why: `optional` unless said otherwise. */
  readonly reason?: "optional" | "required" | "off";
  readonly limits?: LimitsConfig;
  readonly audit?: AuditConfig;
  readonly server?: ServerConfig;
  /** Hours after which stored outcomes and plans of writes are removed; 72 unless said otherwise. */
  readonly keepWritesHours?: number;
}

/** Declares a gate. Nothing is opened or started until the gate is. */
export function defineGate(config: GateConfig): GateConfig {
  return Object.freeze({ ...config });
}
