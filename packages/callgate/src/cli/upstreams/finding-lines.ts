import type { FindingInfo } from "../../operations/upstream-schemas.ts";
import { suspicionWords } from "../../upstream/lock/suspicious-text.ts";
import { toSeenLine } from "../printing/visible-text.ts";

const STANDS = {
  served: "goes on as it was accepted",
  withdrawn: "withdrawn",
  held_back: "held back",
} as const;

/** A difference as a person is shown it who decides about it: every letter of the server's words visible. */
export function findingLines(finding: FindingInfo): readonly string[] {
  const { list, name, kind, verdict, standing, why, changes, suspicions } = finding;
  const what = { tools: "tool", resources: "resource", resourceTemplates: "template", prompts: "prompt" }[list];
  const reason = why === undefined || changes.length > 0 ? "" : `: ${toSeenLine(why)}`;
  return [
    `${what} ${toSeenLine(name)}: ${kind}, ${verdict}; ${STANDS[standing]}${reason}`,
    ...changes.map((change) => `  ${change.verdict}  ${change.rule}  ${toSeenLine(change.message)}`),
    ...suspicions.map(
      ({ rule, pointer, excerpt }) =>
        `  suspicious  ${rule}  ${suspicionWords[rule] ?? ""}, at ${toSeenLine(pointer)}: ${toSeenLine(excerpt)}`,
    ),
  ];
}
