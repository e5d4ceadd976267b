import type { Sealer } from "../ledger/sealer.ts";
import type { StatementSigner } from "../secrets/statements.ts";
import type { TokenStore } from "../store/token-port.ts";
import type { CallLog } from "./context.ts";

/** What the gate lends to a backend beside its credential, for as long as it runs. */
export interface BackendHost {
  /** Credentials that rotate, the same for all replicas. What is put there is to be sealed first. */
  readonly tokens: TokenStore;
  /** Seals with the gate's key ring. */
  readonly sealer: Pick<Sealer, "seal" | "unseal">;
  /** Signs for whom a call is. */
  readonly statements: StatementSigner;
  readonly clock: () => number;
  /** The gate's log, masked. */
  readonly log: CallLog;
}
