import { inspect } from "node:util";
import type { Notifier } from "../define/approval.ts";
import type { AnyDomain, DomainSource } from "../define/domain.ts";
import type { GateConfig } from "../define/gate-config.ts";

const ROLE = "local-operator";

/**
 * The same gate, where the caller within this process is a person who sees everything: who can read the gate's folder
 * can read its store, so no key would keep them out. Every call is recorded under their name.
 */
export function withLocalOperator(config: GateConfig, user: string): GateConfig {
  const { callers, domains } = config;
  const things = domains.flatMap(({ tools, resources, prompts }) => [...tools, ...resources, ...prompts]);
  const modes = [...new Set(things.flatMap((thing) => thing.modes ?? []))];
  const scopes = ["*"];
  // A gate without roles stays one: with the first role every key would need one.
  if (callers.roles === undefined && callers.roleOf === undefined)
    return { ...config, callers: { ...callers, local: { kind: "person", user, scopes } } };
  const roles = { ...callers.roles, [ROLE]: { modes, scopes } };
  return { ...config, callers: { ...callers, roles, local: { kind: "person", user, role: ROLE } } };
}

/** The same gate on its store alone: no backend is started, none is tried, nobody is asked for flags, and no rate is shared. */
export function withoutBackends(config: GateConfig): GateConfig {
  const { approvals, domains, limits, rollout } = config;
  const { shared: _, ...ownLimits } = limits ?? {};
  const notify = approvals?.notify?.map(whereItCan);
  return {
    ...config,
    // Flags that nothing decides stay a mistake.
    ...(rollout !== undefined && { rollout: "off" }),
    limits: ownLimits,
    domains: domains.map(withoutBackend),
    ...(notify !== undefined && { approvals: { ...approvals, notify } }),
  };
}

/** Who looks after a gate may lack the secrets that those it tells are told with. */
function whereItCan(notifier: Notifier): Notifier {
  return {
    kind: notifier.kind,
    start: (options) => {
      try {
        return notifier.start(options);
      } catch (error) {
        options.log.warn(`nobody is told by ${notifier.kind}`, { error: inspect(error) });
        return { notify: () => {}, close: async () => {} };
      }
    },
  };
}

function withoutBackend(domain: AnyDomain): AnyDomain {
  const { backend: _, ...options } = domain.options;
  return { ...domain, options, ...(domain.source !== undefined && { source: atRest(domain.source) }) };
}

/** Nothing is asked: what there is stands as it was found before. */
function atRest(source: DomainSource): DomainSource {
  return {
    renaming: (kind) => source.renaming(kind),
    prepare: async () => () => {},
    cannotServe: () => {},
    withholds: (thing) => source.withholds(thing),
    follow: async () => {},
    watch: () => () => {},
    state: () => undefined,
    renewal: () => undefined,
  };
}
