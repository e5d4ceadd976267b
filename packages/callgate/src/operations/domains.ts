import { z } from "zod";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { GraduationStore } from "../store/graduation-port.ts";
import { DomainInfo } from "./domain-schemas.ts";
import { domainStates } from "./domain-states.ts";
import { addGraduateTool, addWithdrawTool } from "./graduate-tool.ts";
import { addRunSmoke } from "./run-smoke.ts";

/**
 * How far each domain has come: proven to be read only at first, then one write tool switched on after the other.
 * `canTry`: their backends are started, so that a smoke test finds them.
 */
export function domainsDomain(insides: GateInsides, { canTry }: { readonly canTry: boolean }): Domain<GraduationStore> {
  const { store } = insides;
  const domains = defineDomain<GraduationStore>("domains", {
    owner: "gate-operators",
    purpose: "Trying domains against their real backends, and switching on their write tools one at a time.",
    concern: "A tool must never write before its domain is proven and a person has switched that very tool on.",
    backend: {
      start: () => store.graduations,
      health: (_graduations, signal) => store.health(signal),
      // A proof is stored once under its id, and switching on what is on changes nothing.
      takesIdempotencyKey: true,
    },
  });
  domains.read("list_domains", {
    description:
      "List this gate's domains: what their newest smoke test found and how old that is, which write tools are switched on, and why " +
      "the others are not and what would switch them on.",
    scope: "domains:read",
    maxResultBytes: 262_144,
    input: z.object({}),
    output: z.object({ domains: z.array(DomainInfo) }),
    run: () => ({ domains: domainStates(insides) }),
  });
  if (canTry) addRunSmoke(domains, insides);
  addGraduateTool(domains, insides);
  addWithdrawTool(domains, insides);
  return domains;
}
