import type { CheckRuleId, CheckSeverity } from "../define/check.ts";

/** What a finding is about, as narrow as it can be said; all of the gate where nothing is named. */
export interface Place {
  readonly domain?: string;
  readonly tool?: string;
  /** A field of the tool's input: `stay.start`, `guests[].name`. */
  readonly field?: string;
  /** A class of callers, by the name that its list has. */
  readonly caller?: string;
}

/** A change in a source that nobody has to decide on, made where the letters stand there exactly once, with those beside them. */
export interface Mend {
  readonly before: string;
  readonly letters: string;
  readonly after: string;
  /** What stands there afterwards instead of the letters. */
  readonly put: string;
}

/** What a rule has found. */
export interface Found {
  readonly at: Place;
  /** What is so, in a sentence. */
  readonly message: string;
  /** What to do here, where that is more than the rule's own cure. */
  readonly cure?: string;
  /** Further tools that it is about; what is allowed for one of them is allowed. */
  readonly others?: readonly string[];
  /** What `--fix` may do about it: all of them, or none. */
  readonly mends?: readonly Mend[];
}

/** Something that a rule has found in a gate, as grave as the gate's config has it. */
export interface Finding extends Required<Omit<Found, "others" | "mends">>, Pick<Found, "mends"> {
  readonly rule: CheckRuleId;
  readonly severity: CheckSeverity;
}

/** What was found and is meant to be so. */
export interface Allowed extends Finding {
  readonly because: string;
}
