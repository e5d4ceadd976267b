import type { Change } from "./change.ts";
import { compareSnapshots, type Judging } from "./compare-tools.ts";
import type { Snapshot, ToolContract } from "./tool-contract.ts";

/** What is to be said of the difference between the committed contracts and those of now. */
export interface Judgement {
  readonly changes: readonly Change[];
  /** Breaking changes that nothing excuses. */
  readonly broken: readonly Change[];
  /** Whether the snapshot says what is there now. */
  readonly isCurrent: boolean;
}

/** Rules beside those of the comparison. */
export interface JudgeOptions extends Judging {
  /** Rules whose breaking changes are called additive: the team knows its callers. */
  readonly allowed: readonly string[];
}

/** Compares, and lets breaking changes of a tool pass where its version has grown. */
export function judge(before: Snapshot, after: Snapshot, { allowed, undeclared }: JudgeOptions): Judgement {
  const changes = compareSnapshots(before, after, { undeclared }).map(
    (change): Change =>
      change.verdict === "breaking" && allowed.includes(change.rule) ? { ...change, verdict: "additive" } : change,
  );
  const versions = new Map(before.tools.map(({ name, version }) => [name, version]));
  const hasGrown = ({ name, version, renamed }: ToolContract): boolean => {
    const was = [name, ...(renamed?.from ?? [])].map((each) => versions.get(each)).find((each) => each !== undefined);
    return was !== undefined && version > was;
  };
  const grown = new Set(after.tools.filter(hasGrown).map(({ name }) => name));
  const broken = changes.filter(({ verdict, tool }) => verdict === "breaking" && !grown.has(tool));
  // Schemas that say the same in other words are no change, and still not what is committed.
  return { changes, broken, isCurrent: JSON.stringify(before) === JSON.stringify(after) };
}
