import type { SecretReference } from "../define/secret.ts";
import type { AuditStore } from "./audit-port.ts";
import type { GraduationStore } from "./graduation-port.ts";
import type { KeyStore } from "./key-port.ts";
import type { LedgerStore } from "./ledger-port.ts";
import type { ProcessStore } from "./process-port.ts";
import type { RingStore } from "./ring-port.ts";
import type { Signals } from "./signals-port.ts";
import type { TaskStore } from "./task-port.ts";
import type { TokenStore } from "./token-port.ts";
import type { StoreUpkeep } from "./upkeep-port.ts";

/** What Callgate keeps between calls and starts. Every implementation passes the same contract suite. */
export interface Store {
  readonly ledger: LedgerStore;
  readonly audit: AuditStore;
  readonly keys: KeyStore;
  readonly signals: Signals;
  readonly rings: RingStore;
  readonly processes: ProcessStore;
  readonly graduations: GraduationStore;
  readonly tasks: TaskStore;
  readonly tokens: TokenStore;
  /** Resolves when the store answers; rejects with the reason why not. */
  health(signal: AbortSignal): Promise<void>;
  /** Flushes what is pending, then releases files, threads and connections. */
  close(): Promise<void>;
}

/** What a store needs to know before it opens. */
export interface StoreOptions {
  /** Keys for sealing and for the audit chain; see `secrets/key-ring.ts`. */
  readonly keyRing: {
    readonly chainKey: Uint8Array;
    readonly chainKeyId: string;
    /** Chain keys of earlier days by their ids: what `verify` needs for the rows written under them. */
    readonly olderChainKeys?: ReadonlyMap<string, Uint8Array>;
  };
  readonly clock: () => number;
}

/** A store as a config declares it: not open until the gate starts. */
export interface StoreDeclaration {
  readonly kind: string;
  /** Folder or address the gate may name to people; never a secret. */
  readonly location: string;
  /** Folder for files of the gate on this machine (key ring, demo keys). */
  readonly folder: string;
  /** What its address is read from; loaded with the gate's other secrets. */
  readonly secrets?: readonly SecretReference[];
  open(options: StoreOptions): Promise<Store>;
  /** The store as a whole, for whoever looks after it. */
  upkeep(options: StoreOptions): Promise<StoreUpkeep>;
}
