import { inspect } from "node:util";
import type { CallLog } from "../../define/context.ts";
import { within } from "../../limits/within.ts";
import type { GateParts } from "../parts.ts";
import type { Registry } from "../served/registry.ts";
import { BootError, type ServedDomain } from "../served/served-domain.ts";

const HEALTH_MS = 5_000;
const LOOK_AGAIN_EVERY_MS = 1_000;
const STOP_MS = 10_000;

/** Starts all backends at once; throws a `BootError` that names every required one that did not come up, and why. */
export async function startDomains(
  { registry, lent, clock, log }: GateParts,
  patienceMs: number | undefined,
): Promise<void> {
  const all = [...registry.domains.values()];
  const host = { ...lent, clock, log };
  const started = await Promise.allSettled(all.map((domain) => domain.start(host, patienceMs)));
  const failures = started.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  const [failed, ...others] = failures;
  if (failed !== undefined && others.length === 0) throw failed;
  if (failed !== undefined) throw new BootError(failures.map(({ message }) => message).join("\n"), { cause: failed });
  for (const domain of all) warnOfDown(domain, log);
}

/** Says of a backend that is not up what its callers will find; once more when a start that they wait for has failed. */
export function warnOfDown(domain: ServedDomain, log: CallLog): void {
  const { name, problem, starting } = domain;
  if (starting !== undefined) {
    log.info("a backend is still starting; calls to it wait until it is there", { domain: name });
    void starting.then(() => warnOfDown(domain, log));
  } else if (problem !== undefined) {
    log.warn("a backend is down; its tools are served as down", { domain: name, problem });
  }
}

/** Asks every second for those that are down, or that calls are kept from; gives back what ends that. */
export function lookAfterDomains({ domains }: Registry): () => void {
  const asked = new Set<string>();
  const timer = setInterval(() => {
    for (const [name, domain] of domains) {
      if (asked.has(name)) continue;
      asked.add(name);
      void domain.lookAgain(HEALTH_MS).finally(() => asked.delete(name));
    }
  }, LOOK_AGAIN_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Stops all backends at once, within ten seconds; one that will not stop is in the log, and leaves the others none the less. */
export async function stopDomains({ domains }: Registry, log: CallLog): Promise<void> {
  const stops = [...domains].map(async ([name, domain]) => {
    try {
      await within(STOP_MS, () => domain.stop());
    } catch (error) {
      log.warn("a backend did not stop", { domain: name, error: inspect(error) });
    }
  });
  await Promise.all(stops);
}

/** Asks all backends at once; what is wrong, by domain. */
export async function problemsOf({ domains }: Registry): Promise<Readonly<Record<string, string>>> {
  const asked = [...domains].map(async ([name, domain]) => [name, await domain.health(HEALTH_MS)] as const);
  const answers = await Promise.all(asked);
  return Object.fromEntries(answers.filter((answer): answer is readonly [string, string] => answer[1] !== undefined));
}
