/** Something found, as SARIF 2.1.0 says it. */
export interface SarifResult {
  readonly ruleId: string;
  readonly level: "error" | "warning" | "note" | "none";
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
  /** What was found and may stay so, and why. */
  readonly suppressions?: readonly { readonly kind: "external"; readonly justification: string }[];
}

/** What a rule is about, for tools that show it beside its findings. */
export interface SarifRule {
  readonly id: string;
  readonly shortDescription?: { readonly text: string };
  readonly help?: { readonly text: string };
}

/** A log for tools that show findings beside code: SARIF 2.1.0, one run. */
export function sarifLog(name: string, rules: readonly SarifRule[], results: readonly SarifResult[]): string {
  const $schema = "https://json.schemastore.org/sarif-2.1.0.json";
  const runs = [{ tool: { driver: { name, rules } }, results }];
  return JSON.stringify({ $schema, version: "2.1.0", runs }, null, 2);
}

/** A line of a file, whose path is relative to what is looked at. */
export function sarifPlace(path: string, startLine: number): object {
  return { physicalLocation: { artifactLocation: { uri: path.replaceAll("\\", "/") }, region: { startLine } } };
}
