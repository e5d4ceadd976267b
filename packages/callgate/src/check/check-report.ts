import type { CheckSeverity } from "../define/check.ts";
import type { Allowed, Finding } from "./finding.ts";
import type { ListCost } from "./list-costs.ts";
import type { TriedPlan } from "./plans/try-plans.ts";

/** All that a check of a gate tells of. */
export interface CheckReport {
  readonly gate: string;
  readonly findings: readonly Finding[];
  readonly allowed: readonly Allowed[];
  readonly lists: readonly ListCost[];
  /** Tokens that a list may cost. */
  readonly budget: number;
  /** What became of each write's examples; undefined where they were not tried. */
  readonly plans: readonly TriedPlan[] | undefined;
}

/** From the gravest on. */
export const SEVERITIES: readonly CheckSeverity[] = ["error", "warning", "note"];

/** How many findings of a severity there are. */
export function countOf({ findings }: Pick<CheckReport, "findings">, severity: CheckSeverity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** How many there are of each, in words. */
export function countWords(report: Pick<CheckReport, "findings" | "allowed">): string {
  const counts = SEVERITIES.map((severity) => {
    const count = countOf(report, severity);
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return [...counts, ...(report.allowed.length > 0 ? [`${report.allowed.length} allowed`] : [])].join(", ");
}
