import type { Request } from "../clients/history.ts";
import { needsApproval } from "../effects/effect.ts";
import type { CaseFile } from "./case-file.ts";
import type { Write } from "./evidence.ts";
import type { Rule, Violation } from "./violation.ts";

/** What somebody had to agree to took place by an approval that was given for exactly this, by a person, and was spent on it. */
export const everyEffectWasApproved: Rule = function* (file) {
  for (const write of file.writes) {
    if (!needsApproval(write.tool)) continue;
    const [effect] = file.effectsOf(write);
    const violation = effect && judgeApproval(file, write, effect.story);
    if (violation !== undefined) yield violation;
  }
};

function judgeApproval({ requests }: CaseFile, { tool, key, approval }: Write, story: string): Violation | undefined {
  const unapproved = (what: string): Violation => ({ kind: "unapproved", where: `${tool} ${key}`, what });
  if (approval === undefined) return unapproved("it happened, and nobody was asked");
  if (approval.spentAt === undefined) return unapproved("it happened, and its approval is not spent");
  if (approval.decisions.length === 0 || approval.decisions.some(({ verdict }) => verdict !== "approve"))
    return unapproved("it happened, and not everybody who decided said yes");
  if (approval.decisions.some(({ by }) => !by.startsWith("person:")))
    return unapproved("it was not a person who agreed");
  const isSaid = ({ decision, story: of }: Request): boolean =>
    decision?.approval === approval.id && decision.verdict === "approve" && of === story;
  return requests.some(isSaid) ? undefined : unapproved("it happened, and nobody has said yes to this");
}

/** One approval is for one write. */
export const noApprovalServesTwice: Rule = function* ({ writes }) {
  const byApproval = Map.groupBy(writes, ({ approval }) => approval?.id);
  for (const [id, sharing] of byApproval)
    if (id !== undefined && sharing.length > 1)
      yield { kind: "unapproved", where: id, what: `one approval, on ${sharing.length} writes` };
};

/** Once a no, or a withdrawal, was acknowledged, nothing comes of the write. */
export const wordsHold: Rule = function* ({ wordsByStory, effectsByStory, attemptsByStory }) {
  for (const [story, words] of wordsByStory) {
    for (const { decision, heardAt } of words) {
      if (decision === undefined) continue;
      const { verdict } = decision;
      if (verdict !== "approve") {
        if (effectsByStory.has(story))
          yield { kind: "unapproved", where: story, what: `it happened after: ${verdict}` };
        continue;
      }
      if ((attemptsByStory.get(story) ?? []).some((attempt) => attempt.sentAt > heardAt && isPending(attempt)))
        yield { kind: "contradiction", where: story, what: "approved, and asked for once more" };
    }
  }
};

function isPending({ answer }: Request): boolean {
  return answer.kind === "no" && answer.code === "approval_pending";
}
