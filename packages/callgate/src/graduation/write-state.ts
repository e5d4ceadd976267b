import type { Graduation, SmokeProof } from "../store/graduation-port.ts";

/** A tool that changes something, as far as its graduation goes. */
export interface WriteTool {
  readonly name: string;
  readonly domain: string;
  readonly contractHash: string;
}

/** Whether a write tool is there for callers, and if not, why. */
export type WriteState =
  /** Nobody needs to switch it on: it runs the gate itself, or the gate's graduation is off. */
  | { readonly kind: "exempt" }
  | { readonly kind: "on"; readonly graduation: Graduation }
  | { readonly kind: "unproven" }
  | { readonly kind: "smoke-failed"; readonly proof: SmokeProof }
  | { readonly kind: "not-graduated" }
  | { readonly kind: "contract-changed"; readonly graduation: Graduation }
  | { readonly kind: "withdrawn"; readonly graduation: Graduation };

/** What is known of a domain: its newest proof, and what was ever switched on. */
export interface DomainRecord {
  readonly proof: SmokeProof | undefined;
  readonly graduations: readonly Graduation[];
}

/** A tool is on under the contract that was switched on, while the newest proof of its domain is one that passed. */
export function writeStateOf(tool: WriteTool, { proof, graduations }: DomainRecord): WriteState {
  const own = graduations.filter((each) => each.tool === tool.name);
  const present = own.find((each) => each.contractHash === tool.contractHash);
  if (proof === undefined) return { kind: "unproven" };
  if (!proof.passed) return { kind: "smoke-failed", proof };
  if (present !== undefined)
    return { kind: present.withdrawnAt === undefined ? "on" : "withdrawn", graduation: present };
  const earlier = own.findLast((each) => each.withdrawnAt === undefined);
  return earlier === undefined ? { kind: "not-graduated" } : { kind: "contract-changed", graduation: earlier };
}
