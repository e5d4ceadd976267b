import { randomBytes } from "node:crypto";
import type { BackendHost } from "../define/backend-host.ts";
import type { CallLog } from "../define/context.ts";
import { createStatementSigner } from "../secrets/statements.ts";

/**
 * For a look at a server before the gate has its store and its key ring: statements are signed by a key that nobody knows,
 * so that a server that asks for them already then refuses them. A token that rotates is not used at all, for its
 * successor could not be kept.
 */
export function withoutStore(log: CallLog): BackendHost {
  const words = "its credential needs the gate's store: look at it while the gate runs";
  const refuse = (): Promise<never> => Promise.reject(new Error(words));
  const throwIt = (): never => {
    throw new Error(words);
  };
  const once = [{ id: "none", bytes: randomBytes(32) }];
  return {
    tokens: { get: refuse, lease: refuse, release: refuse, put: refuse },
    sealer: { seal: throwIt, unseal: throwIt },
    statements: createStatementSigner({ derive: () => once }, { issuer: "urn:callgate:look", clock: Date.now }),
    clock: Date.now,
    log,
  };
}
