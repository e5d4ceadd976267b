import { DefinitionError } from "../../define/definition-error.ts";
import type { CatalogueConfig, GateConfig } from "../../define/gate-config.ts";

interface Place {
  readonly config: GateConfig;
  /** The domain that the gate's own two tools are of. */
  readonly own: string;
}

/** Refuses a catalogue for nobody, or of what is not there. */
export function refuseOddCatalogue(catalogue: CatalogueConfig, { config, own }: Place): void {
  const { roles = [] } = catalogue;
  const refuse = (message: string, cure: string): never => {
    throw new DefinitionError({ setting: "catalogue" }, message, cure);
  };
  refuseUnknownPins(config);
  const declared = config.callers.roles ?? {};
  for (const role of roles)
    if (!Object.hasOwn(declared, role)) refuse(`callers.roles has no "${role}".`, "Correct its name.");
  if (config.domains.some(({ name }) => name === own))
    throw new DefinitionError({ domain: own }, "search_tools and call_tool have this name.", "Rename it.");
}

/** Refuses a pinned tool that no domain declares, or declares any more. */
export function refuseUnknownPins({ catalogue, domains }: GateConfig): void {
  const names = new Set(domains.flatMap(({ tools }) => tools.map(({ name }) => name)));
  const unknown = catalogue?.pinned?.find((name) => !names.has(name));
  if (unknown === undefined) return;
  const unaccepted = domains.find(({ source, tools }) => source !== undefined && tools.length === 0);
  throw new DefinitionError(
    { setting: "catalogue" },
    `no domain has the pinned tool "${unknown}".`,
    unaccepted === undefined
      ? "Correct its name."
      : `Nobody has accepted a tool of ${unaccepted.name}. If it is there: callgate upstreams accept ${unaccepted.name}`,
  );
}
