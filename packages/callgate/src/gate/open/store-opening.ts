import type { BackendHost } from "../../define/backend-host.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { createSealer, type Sealer } from "../../ledger/sealer.ts";
import { joinStore } from "../../secrets/join-store.ts";
import { type KeyRing, openKeyRing } from "../../secrets/key-ring.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { SecretError } from "../../secrets/secret-error.ts";
import { createStatementSigner, type StatementSigner } from "../../secrets/statements.ts";
import type { Store } from "../../store/port.ts";
import { BootError } from "../served/served-domain.ts";
import { secretsOf } from "./renew-secrets.ts";

/** A store that is open, and what seals and signs for its gate. */
export interface OpenedStore {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly sealer: Sealer;
  readonly statements: StatementSigner;
}

/** What a credential finds in the store, and is sealed and signed by. */
export type Lent = Pick<BackendHost, "tokens" | "sealer" | "statements">;

/**
 * The store of a gate, opened when somebody first wants it: the gate, or a credential that is kept there, when a server is
 * looked at before anything of it was accepted.
 */
export class StoreOpening {
  /** Opens the store when something of it is used. */
  readonly lent: Lent;
  readonly #config: GateConfig;
  readonly #clock: () => number;
  #opening: Promise<OpenedStore> | undefined;
  #opened: OpenedStore | undefined;

  constructor(config: GateConfig, clock: () => number) {
    this.#config = config;
    this.#clock = clock;
    this.lent = this.#lend();
  }

  /** Rejects with a `BootError`, `KeyRingError` or `StoreError` where it cannot be used; then nothing is left open. */
  open(): Promise<OpenedStore> {
    this.#opening ??= this.#openNow();
    return this.#opening;
  }

  /** Nothing where it was never opened. */
  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.store.close();
  }

  async #openNow(): Promise<OpenedStore> {
    const { store: declaration, keyRing: reference } = this.#config;
    const clock = this.#clock;
    await loadSecrets(secretsOf(this.#config), { anew: true }).catch((cause: unknown) => {
      throw cause instanceof SecretError ? new BootError(cause.message, { cause }) : cause;
    });
    const ring = openKeyRing({ folder: declaration.folder, reference });
    const store = await declaration.open({ keyRing: ring, clock });
    try {
      await joinStore(ring, { store, location: declaration.location, at: clock() });
    } catch (error) {
      // What broke first is what is told.
      await store.close().catch(() => undefined);
      throw error;
    }
    const statements = createStatementSigner(ring, { issuer: issuerOf(this.#config), clock });
    this.#opened = { store, ring, sealer: createSealer(ring), statements };
    return this.#opened;
  }

  #lend(): Lent {
    return {
      tokens: {
        get: async (name) => (await this.open()).store.tokens.get(name),
        lease: async (lease, ms) => (await this.open()).store.tokens.lease(lease, ms),
        release: async (lease) => (await this.open()).store.tokens.release(lease),
        put: async (change) => (await this.open()).store.tokens.put(change),
      },
      sealer: {
        seal: (purpose, value) => this.#found().sealer.seal(purpose, value),
        unseal: (purpose, sealed) => this.#found().sealer.unseal(purpose, sealed),
      },
      statements: {
        issuer: issuerOf(this.#config),
        sign: async (claims, terms) => (await this.open()).statements.sign(claims, terms),
        publicKeys: () => this.#found().statements.publicKeys(),
      },
    };
  }

  #found(): OpenedStore {
    if (this.#opened === undefined) throw new Error("the store is not open yet: look first for what is in it");
    return this.#opened;
  }
}

/** Where there is an address, what it says of itself is found there. */
function issuerOf({ name, server }: GateConfig): string {
  return server?.publicUrl === undefined
    ? `urn:callgate:${encodeURIComponent(name)}`
    : new URL(server.publicUrl).origin;
}
