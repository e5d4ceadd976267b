import type { Graduation, SmokeProof } from "../store/graduation-port.ts";

/** A tool that changes something, as far as its graduation goes. */
export interface WriteTool {
  readonly name: string;
  readonly domain: string;
  readonly contractHash: string;
}

/** Whether a write tool is there for callers, and if not, why. */
export type SwitchState =
  /** Nobody needs to switch it on: it runs the gate itself, or the gate's graduation is off. */
  | { readonly kind: "exempt" }
  | { readonly kind: "on"; readonly graduation: Graduation }
  | { readonly kind: "unproven" }
  | { readonly kind: "smoke_failed"; readonly proof: SmokeProof }
  | { readonly kind: "not_graduated" }
  | { readonly kind: "contract_changed"; readonly graduation: Graduation }
  | { readonly kind: "withdrawn"; readonly graduation: Graduation };

/** Every state by its name. */
export const SWITCH_STATES: readonly SwitchState["kind"][] = [
  "exempt",
  "on",
  "unproven",
  "smoke_failed",
  "not_graduated",
  "contract_changed",
  "withdrawn",
];

/** What is known of a domain: its newest proof, and what was ever switched on. */
export interface DomainRecord {
  readonly proof: SmokeProof | undefined;
  readonly graduations: readonly Graduation[];
}

/** A tool is on under the contract that was switched on, while the newest proof of its domain is one that passed. */
export function switchStateOf(tool: WriteTool, { proof, graduations }: DomainRecord): SwitchState {
  const own = graduations.filter((each) => each.tool === tool.name);
  const present = own.find((each) => each.contractHash === tool.contractHash);
  if (proof === undefined) return { kind: "unproven" };
  if (!proof.passed) return { kind: "smoke_failed", proof };
  if (present !== undefined)
    return { kind: present.withdrawnAt === undefined ? "on" : "withdrawn", graduation: present };
  const earlier = own.findLast((each) => each.withdrawnAt === undefined);
  return earlier === undefined ? { kind: "not_graduated" } : { kind: "contract_changed", graduation: earlier };
}
