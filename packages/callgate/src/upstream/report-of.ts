import type { SourceThing } from "../define/domain.ts";
import { type Address, addressWords } from "./address.ts";
import type { AcceptedForm } from "./lock/accepted-form.ts";
import type { Quarantine } from "./lock/quarantine.ts";
import type { Declared, Unserved } from "./serve/declare.ts";
import type { UpstreamReport, UpstreamState } from "./upstream-report.ts";

/** What is known of an upstream. */
export interface Known extends Pick<UpstreamReport, "name" | "isNew" | "problem" | "cure"> {
  readonly address: Address;
  readonly accepted: AcceptedForm;
  readonly declared: Declared;
  readonly quarantine: Quarantine;
  /** What the gate cannot serve, by kind and name: `tool find_contacts`. */
  readonly unusable: ReadonlyMap<string, Unserved>;
  /** What it offers and cannot be held to anything. */
  readonly unheld: readonly Unserved[];
}

/** An upstream as the people who run the gate are shown it. */
export function reportOf({ accepted, declared, quarantine, unusable, unheld, address, ...of }: Known): UpstreamReport {
  const { locked, isElsewhere } = accepted;
  const isServed = (kind: SourceThing["kind"]) => (name: string) =>
    !quarantine.holds({ kind, name }) && !unusable.has(`${kind} ${name}`);
  return {
    ...of,
    state: stateOf(accepted, quarantine),
    address: addressWords(address),
    acceptedAddress: isElsewhere && locked !== undefined ? addressWords(locked.address) : undefined,
    server: locked?.server,
    revision: locked?.revision,
    comparedAt: quarantine.comparedAt,
    differsSince: quarantine.differsSince,
    served: {
      tools: declared.tools.map(({ name }) => name).filter(isServed("tool")).length,
      resources: declared.resources.map(({ uri }) => uri).filter(isServed("resource")).length,
      prompts: declared.prompts.map(({ name }) => name).filter(isServed("prompt")).length,
    },
    findings: quarantine.findings,
    unserved: [...declared.unserved, ...unusable.values(), ...unheld],
  };
}

function stateOf({ isElsewhere, locked }: AcceptedForm, { comparedAt, findings }: Quarantine): UpstreamState {
  if (isElsewhere) return "address_changed";
  if (locked === undefined) return "not_accepted";
  if (comparedAt === undefined) return "not_reached";
  return findings.length > 0 ? "changed" : "accepted";
}
