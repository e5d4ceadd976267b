import type { StoreDeclaration } from "../store/port.ts";
import type { ApprovalsConfig } from "./approval.ts";
import type { Rate } from "./backend.ts";
import type { CheckConfig } from "./check.ts";
import type { AnyDomain } from "./domain.ts";
import type { FlagSource } from "./flags.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { RedisDeclaration } from "./redis.ts";
import type { SecretReference } from "./secret.ts";
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

/** A way to find out whose credential it is. */
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

/** Who may call, and what each of them may use. What is left out lets nobody in by it. */
export interface CallersConfig {
  /** Keys first, then the functions in their order; the first that knows the caller decides, and one that breaks refuses. */
  readonly authenticate?: readonly Authenticator[];
  /** A person's role by the team's own books. A throw, a hang or an unknown role gives the smallest set. */
  readonly roleOf?: (
    who: { readonly user: string; readonly kind: Subject["kind"]; readonly tenant: string | undefined },
    signal: AbortSignal,
  ) => MaybePromise<string | undefined>;
  /** By name, as `roleOf` or an identity names them. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** Left out: known clients are strangers. */
  readonly clients?: ClientsConfig;
  /** What callers without a credential may use; left out: nothing, they are asked for one. */
  readonly anonymous?: { readonly mode: string; readonly scopes?: readonly string[] };
  /** The user of one's own machine over stdio, where `CALLGATE_KEY` is not set. */
  readonly local?: Identity;
}

/** How much the gate takes, of each and of all. */
export interface LimitsConfig {
  /** Calls per subject and tool where the tool says nothing; `"600/min"` unless said otherwise. */
  readonly rate?: Rate;
  /** Calls in flight over all; further ones are refused. 1,024 unless said otherwise. */
  readonly inFlight?: number;
  /** Wrong credentials per address, an IPv6 address counting by its /64; `"30/min"` unless said otherwise. */
  readonly guesses?: Rate;
  /** Where all replicas of this gate count rates, guesses and quotas together: `redis(env("REDIS_URL"))`. Left out: each its own. */
  readonly shared?: RedisDeclaration;
}

/** How much long work the gate takes. */
export interface TasksConfig {
  /** Tasks that one process is at, at the same time; further ones wait. 16 unless said otherwise. */
  readonly atOnce?: number;
  /** Tasks that wait or are under way, over all processes; further ones are refused. 10,000 unless said otherwise. */
  readonly mostOpen?: number;
  /** The same of one subject; 100 unless said otherwise. */
  readonly mostOpenPerSubject?: number;
}

/** How tools are shown to whoever sees very many of them. */
export interface CatalogueConfig {
  /**
   * Whoever sees more tools than this at an endpoint is listed `search_tools` and `call_tool` in their place. 0: everybody
   * who sees any.
   */
  readonly searchAbove: number;
  /** Tools of these domains that are listed none the less, by name, to those who see them. */
  readonly pinned?: readonly string[];
  /** The kinds of caller who search: `["agent"]` lists people everything. Left out: every kind. */
  readonly kinds?: readonly Subject["kind"][];
  /** The roles whose holders search, by name; of these kinds, where kinds are named too. Left out: whatever the role. */
  readonly roles?: readonly string[];
}

/** What the record of calls leaves out, beside the secrets that it always does. */
export interface AuditConfig {
  /** Further argument or result fields to mask, by name. */
  readonly maskFields?: readonly string[];
  /** Further patterns to mask within texts. */
  readonly maskPatterns?: readonly RegExp[];
  /** A longer payload is cut in the audit, and says so; 8,192 bytes unless said otherwise. */
  readonly maxPayloadBytes?: number;
}

/** How the gate is reached over HTTP. */
export interface ServerConfig {
  /** Where people reach the gate, e.g. `https://tools.example.com`; its host is accepted in `Host`. */
  readonly publicUrl?: string;
  /** Further pages that may call it from a browser, e.g. `https://app.example.com`. */
  readonly allowedOrigins?: readonly string[];
  /** Further values of `Host` that it answers to. */
  readonly allowedHosts?: readonly string[];
  /** A larger request is refused; 1 MiB unless said otherwise. */
  readonly maxBodyBytes?: number;
  /**
   * Milliseconds for which a gate that is told to stop goes on taking calls while `/ready` says no, so that load balancers
   * send it none; 3,000 unless said otherwise. Nobody is waited for where `/ready` was not asked for half a minute.
   */
  readonly drainDelayMs?: number;
}

/** Everything that a gate is made of, as `defineGate` takes it. */
export interface GateConfig {
  /** What clients are told that they have reached. */
  readonly name: string;
  readonly version?: string;
  /** What a model should know before it uses any tool here. */
  readonly instructions?: string;
  /** One at least; their tools are listed in this order. */
  readonly domains: readonly AnyDomain[];
  readonly callers: CallersConfig;
  /** What decides the flags that tools and domains are declared with: `fileFlags(path)`, or any OpenFeature provider. */
  readonly rollout?: FlagSource;
  /** Where ledger, audit and keys are kept: `sqlite(path)`, `postgres(address)`, or `storeFromEnvironment(path)` for either. */
  readonly store: StoreDeclaration;
  /**
   * `required` unless said otherwise: a write tool is not there until its domain's smoke test has passed and a person has
   * switched that tool on. `off`: every write tool is there from the start.
   */
  readonly graduation?: "required" | "off";
  /**
   * The gate's own keys, the same for every replica: a file, or a variable with a ring's text or `file:` and a path. Left
   * out: the variable `CALLGATE_KEYRING`, else `keyring.json` in the store's folder, which is made where it is missing.
   */
  readonly keyRing?: SecretReference;
  /** Whether a call says why: `optional` unless said otherwise. */
  readonly reason?: "optional" | "required" | "off";
  /** Left out: every caller is listed all the tools that it sees. */
  readonly catalogue?: CatalogueConfig;
  readonly limits?: LimitsConfig;
  readonly tasks?: TasksConfig;
  /** How people are asked before a write is committed. */
  readonly approvals?: ApprovalsConfig;
  readonly audit?: AuditConfig;
  readonly server?: ServerConfig;
  /** How `callgate check` judges this gate. */
  readonly check?: CheckConfig;
  /** Whole hours after which finished writes are removed from the ledger, with their outcomes; 72 unless said otherwise. */
  readonly keepWritesHours?: number;
}

/** Declares a gate. Nothing is opened or started until the gate is. */
export function defineGate(config: GateConfig): GateConfig {
  return Object.freeze({ ...config });
}
