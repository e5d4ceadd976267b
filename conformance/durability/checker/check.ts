import { everyEffectWasApproved, noApprovalServesTwice, wordsHold } from "./approval-rules.ts";
import { toCaseFile } from "./case-file.ts";
import {
  everyEffectHasItsRow,
  nothingIsHalfDone,
  oneEffectPerKey,
  oneEffectPerStory,
  rowsSayWhatHappened,
  somethingHappened,
} from "./effect-rules.ts";
import type { Evidence } from "./evidence.ts";
import {
  everyAnswerIsOnRecord,
  everyEffectIsOnRecord,
  everyIntentEnded,
  recordIsWhole,
  recordsAreTrue,
} from "./record-rules.ts";
import { doneIsDone, everyAnswerIsFoundAgain, noIsNo, nothingIsNothing, othersDoNothing } from "./told-rules.ts";
import type { Rule, Violation } from "./violation.ts";

const rules: readonly Rule[] = [
  somethingHappened,
  oneEffectPerKey,
  oneEffectPerStory,
  everyEffectHasItsRow,
  rowsSayWhatHappened,
  nothingIsHalfDone,
  everyEffectWasApproved,
  noApprovalServesTwice,
  wordsHold,
  doneIsDone,
  noIsNo,
  nothingIsNothing,
  othersDoNothing,
  everyAnswerIsFoundAgain,
  everyAnswerIsOnRecord,
  everyEffectIsOnRecord,
  recordsAreTrue,
  everyIntentEnded,
  recordIsWhole,
];

/** Everything that the evidence shows to be wrong; empty where every promise was kept. */
export function check(evidence: Evidence): readonly Violation[] {
  const file = toCaseFile(evidence);
  return rules.flatMap((rule) => [...rule(file)]);
}
