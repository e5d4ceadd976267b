import { inspect } from "node:util";
import type { GateConfig } from "../../define/gate-config.ts";
import type { SecretReference } from "../../define/secret.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { loadedReferences } from "../../secrets/loaded-secrets.ts";
import { remoteRing } from "../../secrets/ring-source.ts";
import type { GateParts } from "../parts.ts";

/** Every reference that a gate needs before its backends: those are asked for theirs one by one, and may be down without. */
export function secretsOf({ keyRing, store, limits, approvals }: GateConfig): readonly SecretReference[] {
  const shared = limits?.shared?.url;
  return [
    ...remoteRing(keyRing),
    ...(store.secrets ?? []),
    ...(typeof shared === "object" ? [shared] : []),
    ...(approvals?.notify ?? []).flatMap(({ secrets = [] }) => secrets),
  ];
}

/**
 * Finds all secrets anew, and opens those anew that have another one by now. What it could not do is
 * in the log, and goes on with what it had.
 */
export async function renewSecrets({ registry, log }: GateParts, graceMs: number): Promise<void> {
  await loadSecrets(loadedReferences(), { anew: true }).catch((error: unknown) =>
    log.warn("secrets could not be found anew: they stay as they were", { error: inspect(error) }),
  );
  const renewing = [...registry.domains].map(async ([domain, served]) => {
    for (const { access, problem } of await served.renew(graceMs)) {
      if (problem === undefined) log.info("a backend was opened with its new credential", { domain, access });
      else {
        const error = inspect(problem);
        log.warn("a new credential is not used: the backend goes on with the one it had", { domain, access, error });
      }
    }
  });
  await Promise.all(renewing);
}
