import { type CheckReport, countOf } from "../check-report.ts";
import type { Finding } from "../finding.ts";
import type { SourcePlaces } from "../source-places.ts";

/** A report for programs: one JSON value. */
export function jsonReport(report: CheckReport, places: SourcePlaces): string {
  const { gate, findings, allowed, lists, budget, plans } = report;
  const placed = findings.map((finding) => ({
    ...said(finding),
    ...(finding.at.domain !== undefined && { source: places.of(finding.at) }),
  }));
  const counts = {
    errors: countOf(report, "error"),
    warnings: countOf(report, "warning"),
    notes: countOf(report, "note"),
  };
  return JSON.stringify({
    gate,
    ...counts,
    findings: placed,
    allowed: allowed.map(said),
    lists,
    list_tokens: budget,
    ...(plans && { plans }),
  });
}

/** How it could be mended is for this command alone. */
function said<Kind extends Finding>(finding: Kind): Kind {
  return { ...finding, mends: undefined };
}
