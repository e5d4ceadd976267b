import type { SecretReference } from "./secret.ts";

/** What a backend is started with: its secrets by name, and which of the two credentials it is started for. */
export interface BackendSecrets {
  readonly access: "read" | "write";
  readonly credential: string | undefined;
}

/**
 * The system behind a domain. `start` is called twice: with the read credential for everything that looks,
 * and with the write credential for `commit`, `lookup` and `undo`.
 */
export interface BackendDeclaration<Backend> {
  /** True: the gate does not start without it. False: it is served as down. */
  readonly required?: boolean;
  readonly credentials?: { readonly read?: SecretReference; readonly write?: SecretReference };
  start(secrets: BackendSecrets): Backend | Promise<Backend>;
  /** Resolves when the backend answers; rejects with the reason. Has ten seconds at boot. */
  health?(backend: Backend, signal: AbortSignal): unknown;
  stop?(backend: Backend): unknown;
  /** Calls that all tools of the domain together may make, e.g. `"600/min"`; DESIGN 3.4. */
  readonly quota?: Rate;
  /** Calls of this domain that run at the same time; 256 unless said otherwise. */
  readonly concurrency?: number;
  /** True: `commit` may run again after an unknown outcome, because the backend makes one effect per key. */
  readonly takesIdempotencyKey?: boolean;
}

/** So many in a second, minute or hour. */
export type Rate = `${number}/${"s" | "min" | "h"}`;
