/** How grave a finding of `callgate check` is. Errors end it with 1; warnings do where that is asked for; notes never. */
export type CheckSeverity = "note" | "warning" | "error";

/** Every rule of `callgate check`, by its id; docs/rules.md says what each finds, why, and the cure. */
export const checkRuleIds = [
  "verb-first",
  "description-thin",
  "description-repeats",
  "description-use",
  "description-long",
  "steering-text",
  "hidden-letters",
  "domain-words",
  "domain-large",
  "domain-small",
  "server-given-store",
  "server-read-unsaid",
  "output-missing",
  "field-undescribed",
  "enum-undescribed",
  "id-example",
  "string-unbounded",
  "array-unbounded",
  "object-free",
  "secret-input",
  "names-differ",
  "example-invalid",
  "write-outcome",
  "plan-blind",
  "plan-unstable",
  "plan-unchecked",
  "destructive-unapproved",
  "write-never-on",
  "timeout-long",
  "deprecated-successor",
  "scope-ungranted",
  "tool-unseen",
  "list-cost",
  "list-length",
  "overlap",
  "allow-unneeded",
] as const;

/** The id of a rule of `callgate check`. */
export type CheckRuleId = (typeof checkRuleIds)[number];

/** How `callgate check` judges this gate; nothing of it matters to calls. */
export interface CheckConfig {
  /** Rules that count for more or less than they do by themselves, or not at all. */
  readonly rules?: Readonly<Partial<Record<CheckRuleId, CheckSeverity | "off">>>;
  /**
   * What is as it should be, with the reason: by the name of a tool, or of a domain for all in it, then by rule. What
   * is allowed and does not occur is found too.
   */
  readonly allow?: Readonly<Record<string, Readonly<Partial<Record<CheckRuleId, string>>>>>;
  /** Tokens that the list of any caller may cost, by the gate's estimate; 16,000 unless said otherwise. */
  readonly listTokens?: number;
  /** Tools that any caller may see at once; 40 unless said otherwise. */
  readonly listTools?: number;
  /** From which likeness on two tools are found to overlap, between 0 and 1; 0.62 unless said otherwise. */
  readonly likeness?: number;
}
