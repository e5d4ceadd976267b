import type { SwitchState } from "./switch-state.ts";

/** A write tool that is not there, in words for the people who run the gate, and what switches it on. */
export interface WhyOff {
  readonly why: string;
  readonly next: string;
}

/** What stands in the way beside the state itself. */
export interface Circumstances {
  readonly tool: string;
  readonly domain: string;
  readonly declaresSmoke: boolean;
  /** True where the newest proof is of the contracts as they are now. */
  readonly isProofCurrent: boolean;
}

/** Undefined for a tool that is on. */
export function whyOff(state: SwitchState, about: Circumstances): WhyOff | undefined {
  const why = reasonOf(state, about);
  return why === undefined ? undefined : { why, next: cureOf(state, about) };
}

function reasonOf(state: SwitchState, { domain }: Circumstances): string | undefined {
  switch (state.kind) {
    case "on":
    case "exempt":
      return undefined;
    case "unproven":
      return `the smoke test of ${domain} has not been run`;
    case "smoke_failed":
      return `the smoke test of ${domain} failed on ${day(state.proof.at)}`;
    case "not_graduated":
      return "nobody has switched it on";
    case "contract_changed":
      return `its contract has changed since ${state.graduation.by} switched it on, on ${day(state.graduation.at)}`;
    case "withdrawn":
      return `${state.graduation.withdrawnBy} switched it off on ${day(state.graduation.withdrawnAt ?? 0)}`;
  }
}

function cureOf(state: SwitchState, { tool, domain, declaresSmoke, isProofCurrent }: Circumstances): string {
  if (!declaresSmoke) return `Declare \`smoke\` on the domain ${domain}.`;
  const isReady = isProofCurrent && state.kind !== "smoke_failed";
  return isReady ? `callgate graduate ${tool}` : `callgate smoke ${domain}`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
