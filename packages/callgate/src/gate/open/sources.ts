import type { BackendHost } from "../../define/backend-host.ts";
import type { AnyDomain } from "../../define/domain.ts";
import { listChanged, resourceUpdated } from "../listening/events.ts";
import type { GateParts } from "../parts.ts";

/** Lets every domain whose tools were not written here find them, all at once; throws the first reason not to start. */
export async function prepareSources(domains: readonly AnyDomain[], host: BackendHost): Promise<void> {
  const production = process.env["NODE_ENV"] === "production";
  const prepared = await Promise.allSettled(domains.map(async ({ source }) => source?.prepare({ host, production })));
  const failed = prepared.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/**
 * Serves what sources let go and takes away what they hold back, and tells subscribers. Gives what ends it.
 */
export function watchSources({ registry, menus, events }: GateParts): () => void {
  const domains = [...registry.domains.values()].filter(({ source }) => source !== undefined);
  if (domains.length === 0) return () => undefined;
  const ends = domains.map(({ source }) =>
    source?.watch((change) => {
      if (change.kind === "resource") return events.publishHere(resourceUpdated(change.uri));
      menus.forget();
      for (const list of change.lists) events.publishHere(listChanged(list));
    }),
  );
  return () => {
    for (const end of ends) end?.();
  };
}
