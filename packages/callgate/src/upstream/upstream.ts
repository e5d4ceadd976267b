import { type AnyDomain, type Domain, defineDomain } from "../define/domain.ts";
import { LiveUpstream } from "./live-upstream.ts";
import type { Connect } from "./offer.ts";
import { openConnection } from "./open-connection.ts";
import { refuseOddUpstream } from "./refuse-odd-upstream.ts";
import type { ServerHandle } from "./serve/server-handle.ts";
import type { UpstreamOptions } from "./upstream-options.ts";

/** Makes a domain of a server that exists; `connect` reaches it. */
export function createUpstream(name: string, options: UpstreamOptions, connect: Connect): AnyDomain {
  refuseOddUpstream(name, options);
  const source = new LiveUpstream(name, options, connect);
  const own = defineDomain<ServerHandle>(name, {
    ...explanation(name, options),
    backend: backendOf(source, options),
    // What reads the server cannot reach its writes: that is shown, and nothing is tried on the server for it.
    smoke: { checks: options.smoke ?? [], refusesWrites: (handle) => handle.refuseWrite() },
  });
  return Object.freeze({
    ...own,
    source,
    get tools() {
      return [...source.declared().tools, ...own.tools];
    },
    get resources() {
      return [...source.declared().resources, ...own.resources];
    },
    get prompts() {
      return [...source.declared().prompts, ...own.prompts];
    },
  });
}

/**
 * A domain whose tools are those of a server that exists, under the gate's own rules: their words, schemas and hints as they
 * were accepted into `callgate.lock.json`, and none that nobody has accepted. What the config does not call a read is a
 * write. Throws `DefinitionError` where something in its options cannot work.
 */
export function upstream(name: string, options: UpstreamOptions): AnyDomain {
  return createUpstream(name, options, openConnection);
}

/** What stands behind a domain that `upstream` made; undefined for any other. */
export function upstreamOf({ source }: Pick<AnyDomain, "source">): LiveUpstream | undefined {
  return source instanceof LiveUpstream ? source : undefined;
}

type Options = Domain<ServerHandle>["options"];

function explanation(name: string, { owner, purpose, concern, endpoint, rollout }: UpstreamOptions): Options {
  return {
    owner: owner ?? "gate-operators",
    purpose: purpose ?? `The tools of the server ${name}.`,
    concern: concern ?? "Nothing that the server does or says may pass the gate other than as it was accepted.",
    ...(endpoint !== undefined && { endpoint }),
    ...(rollout !== undefined && { rollout }),
  };
}

function backendOf(
  source: LiveUpstream,
  { required = false, quota, concurrency }: UpstreamOptions,
): NonNullable<Options["backend"]> {
  return {
    required,
    start: ({ access }, host) => source.start(access, host),
    health: (handle, signal) => handle.health(signal),
    stop: () => source.stop(),
    ...(quota !== undefined && { quota }),
    ...(concurrency !== undefined && { concurrency }),
  };
}
