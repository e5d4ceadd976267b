import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { ServedDomain } from "../served/served-domain.ts";
import type { Building } from "./call-rules.ts";

interface Flagged {
  readonly rollout?: string;
}

/** The flags that must be on for whoever is to see a thing: its domain's and its own. Refuses what nothing decides. */
export function flagsOf(
  thing: Flagged,
  { name, options }: ServedDomain,
  { config, place }: Pick<Building, "config"> & { readonly place: DefinitionPlace },
): readonly string[] {
  const domain = flagOf(options, config, { domain: name });
  const own = flagOf(thing, config, place);
  return [...(domain === undefined ? [] : [domain]), ...(own === undefined ? [] : [own])];
}

function flagOf({ rollout }: Flagged, config: Building["config"], place: DefinitionPlace): string | undefined {
  if (rollout === undefined) return undefined;
  if (config.rollout !== undefined) return rollout;
  throw new DefinitionError(
    place,
    `it is rolled out by the flag "${rollout}", which nothing decides.`,
    'Give the gate what does: rollout: fileFlags("./flags.json"), or an OpenFeature provider.',
  );
}
