import type { CaseFile } from "./case-file.ts";

/**
 * `duplicate`: an effect too many. `lost`: what was acknowledged cannot be found. `unrecorded`: it happened, and the
 * record does not say so, or not once. `unended`: a write that is still open. `contradiction`: two sources that cannot
 * both be right. `unapproved`: an effect that nobody allowed. `broken`: the record or a replica itself.
 */
export type ViolationKind = "duplicate" | "lost" | "unrecorded" | "unended" | "contradiction" | "unapproved" | "broken";

/** A promise that was broken, and what shows it. */
export interface Violation {
  readonly kind: ViolationKind;
  /** The story, key or id that leads to it. */
  readonly where: string;
  readonly what: string;
}

/** One thing that must hold after every run. */
export type Rule = (file: CaseFile) => Iterable<Violation>;
