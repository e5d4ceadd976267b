import type { Change, Verdict } from "../change.ts";
import type { BrokenPrompt } from "../find-prompts.ts";
import type { Judgement } from "../judgement.ts";

/** All that a report tells of. */
export interface Findings extends Judgement {
  /** The snapshot's path, as people know it. */
  readonly file: string;
  readonly prompts: readonly BrokenPrompt[];
}

const ORDER: readonly Verdict[] = ["breaking", "additive", "wording"];

/** How many changes of each verdict there are, in words. */
export function countWords(changes: readonly Change[]): string {
  if (changes.length === 0) return "no changes";
  const counts = ORDER.map(
    (verdict) => [changes.filter((change) => change.verdict === verdict).length, verdict] as const,
  );
  return counts
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`)
    .join(", ");
}

/** Tools with their changes, gravest first. */
export function byTool(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const tools = Map.groupBy(changes, ({ tool }) => tool);
  const ranked = [...tools].map(
    ([tool, own]) =>
      [tool, own.toSorted((left, right) => ORDER.indexOf(left.verdict) - ORDER.indexOf(right.verdict))] as const,
  );
  return new Map(ranked);
}

/** What it means to write the contracts of now, for whoever is about to. */
export function acceptingWords({ broken, isCurrent }: Judgement): string {
  if (isCurrent) return "The contract is as it was committed.";
  if (broken.length === 0) return "No caller breaks without a new version.";
  return "Callers break by this, without a new `version`: from then on `callgate contract check` says nothing of it.";
}

/** What the outcome means, in one sentence. */
export function outcomeWords({ broken, changes, isCurrent }: Judgement): string {
  if (broken.length > 0) return `Callers break. ${waysOut(broken)}`;
  if (isCurrent) return "The contract is as it was committed.";
  const excused = changes.some(({ verdict }) => verdict === "breaking");
  const words = excused ? "What breaks callers has a new version." : "No caller breaks.";
  return `${words} Commit the new contract: callgate contract accept`;
}

/** A tool that is gone has no version that could be raised. */
function waysOut(broken: readonly Change[]): string {
  const gone = broken.filter(({ rule }) => rule === "tool.removed");
  const tools = new Set(gone.map(({ tool }) => tool)).size;
  if (tools === 0) return "Take the change back, or raise the `version` of these tools.";
  const accept = `accept that ${tools === 1 ? "the tool is" : "tools are"} gone: callgate contract accept`;
  if (gone.length === broken.length) return `Bring ${tools === 1 ? "it" : "them"} back, or ${accept}`;
  return `Take the change back, or raise the \`version\` of the tools that are there and ${accept}`;
}

/** Of which tool a name in a prompt is, where it is not the tool's own. */
export function ofTool(name: string, tool: string, written: (text: string) => string = String): string {
  return name === tool ? "" : ` of ${written(tool)}`;
}
