import { inspect } from "node:util";
import type { BackendHost } from "../../define/backend-host.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import type { DomainSource, SourceRenewal } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { ListName } from "../../store/signals-port.ts";
import { listChanged, resourceUpdated } from "../listening/events.ts";
import type { GateParts } from "../parts.ts";

/** Looked at again, not watched: editors replace a file, Kubernetes a link above it, and network drives tell nobody. */
const LOOK_EVERY_MS = 500;

/**
 * Lets every domain whose tools were not written here find them, all at once, and then say in turn what it declares;
 * throws the first reason not to start.
 */
export async function prepareSources(
  { domains, store: { folder } }: GateConfig,
  { host, acceptsNew }: { readonly host: BackendHost; readonly acceptsNew: boolean },
): Promise<void> {
  const production = process.env["NODE_ENV"] === "production";
  const opening = { host, production, acceptsNew, domains, folder };
  const prepared = await Promise.allSettled(domains.map(async ({ source }) => source?.prepare(opening)));
  const failed = prepared.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  for (const result of prepared) if (result.status === "fulfilled") result.value?.();
}

/**
 * Serves what sources let go and takes away what they hold back, takes up what has been accepted since, and tells
 * subscribers. Gives what ends it.
 */
export function watchSources(parts: GateParts): () => void {
  const { registry, menus, events } = parts;
  const sources = [...registry.domains.values()].flatMap(({ source }) => (source === undefined ? [] : [source]));
  if (sources.length === 0) return () => undefined;
  const ends = sources.map((source) =>
    source.watch((change) => {
      if (change.kind === "resource") return events.publishHere(resourceUpdated(change.uri));
      menus.forget();
      for (const list of change.lists) events.publishHere(listChanged(list));
    }),
  );
  let seen: string | undefined;
  const timer = setInterval(() => {
    // One that cannot be taken up is judged once, until any of them is another.
    const state = JSON.stringify(sources.map((source) => source.state() ?? null));
    if (state === seen) return;
    seen = state;
    void takeUp(parts, sources);
  }, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
  };
}

/** Takes up what has been accepted since, all of it or nothing: a gate goes on with what it could be started with. Never rejects. */
async function takeUp(parts: GateParts, sources: readonly DomainSource[]): Promise<void> {
  const { graduations, menus, rollout, events, log } = parts;
  let lists: ReadonlySet<ListName>;
  try {
    const renewals = sources.map((source) => source.renewal()).filter((renewal) => renewal !== undefined);
    if (renewals.length === 0) return;
    declareAnew(parts, renewals);
    lists = new Set(renewals.flatMap((renewal) => renewal.settle()));
  } catch (error) {
    const problem = error instanceof DefinitionError ? error.message : inspect(error);
    log.error("what was accepted since is not taken up; what was served goes on being served", { problem });
    return;
  }
  // Until here nothing has waited: no call has met the new form without its verdict.
  rollout?.forget();
  const ready = graduations.judgeAgain();
  menus.forget();
  await ready;
  for (const list of lists) events.publishHere(listChanged(list));
}

function declareAnew({ registry }: GateParts, renewals: readonly SourceRenewal[]): void {
  for (const renewal of renewals) renewal.take();
  try {
    registry.renew();
  } catch (error) {
    for (const renewal of renewals) renewal.back();
    throw error;
  }
}
