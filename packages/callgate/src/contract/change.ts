/** What a change means to those who call: it may break them, it cannot, or only its words are others. */
export type Verdict = "breaking" | "additive" | "wording";

/** What a change is about: the tool as a whole, what it takes, what it gives, or an optional part of that. */
export type Side = "tool" | "input" | "output" | "include";

/** One difference between two contracts. */
export interface Change {
  readonly tool: string;
  readonly verdict: Verdict;
  /** Which rule judged it, e.g. `input.required`. */
  readonly rule: string;
  /** JSON pointer into the tool's block of the snapshot, before or after the change. */
  readonly pointer: string;
  /** One sentence for people. */
  readonly message: string;
  /** Names of fields that it is about, outermost first. */
  readonly fields: readonly string[];
}
