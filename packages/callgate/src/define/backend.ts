import type { BackendHost } from "./backend-host.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { SecretReference } from "./secret.ts";

/** What a backend is started with: what it is started for, and the credential for that, where one is declared. */
export interface BackendSecrets {
  readonly access: "read" | "write";
  readonly credential: string | undefined;
}

/**
 * The system behind a domain. `start` is called twice: with the read credential for everything that looks,
 * and with the write credential for `commit`, `lookup` and `undo`.
 */
export interface BackendDeclaration<Backend> {
  /**
   * True unless said otherwise: the gate does not start without it. False: calls wait for its first start, for a minute at
   * most; where that fails it is served as down, and tried again.
   */
  readonly required?: boolean;
  /** Where its secrets are; resolved when the gate starts. */
  readonly credentials?: { readonly read?: SecretReference; readonly write?: SecretReference };
  /** Opens it; a throw means that it is down. `host` is for backends with credentials that change while they run. */
  start(secrets: BackendSecrets, host: BackendHost): MaybePromise<Backend>;
  /** Resolves when the backend answers; rejects with the reason. Has ten seconds at boot. */
  health?(backend: Backend, signal: AbortSignal): unknown;
  /** Closes what `start` opened, when the gate closes. */
  stop?(backend: Backend): unknown;
  /** Calls that all tools of the domain together may make, e.g. `"600/min"`. */
  readonly quota?: Rate;
  /** Calls of this domain that run at the same time; 256 unless said otherwise. */
  readonly concurrency?: number;
  /** True: `commit` may run again after an unknown outcome, because the backend makes one effect per key. */
  readonly takesIdempotencyKey?: boolean;
}

/** So many in a second, minute or hour. */
export type Rate = `${number}/${"s" | "min" | "h"}`;
