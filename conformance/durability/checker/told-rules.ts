import type { Answer, Request } from "../clients/history.ts";
import { backendOf } from "../effects/effect.ts";
import type { Rule, Violation } from "./violation.ts";

/** A no of the outside world, or of a person: it is no for good. */
const final = new Set(["refused_outside", "approval_denied"]);

type Done = Extract<Answer, { kind: "done" }>;

/** Codes that leave open whether the write took place, or say that it did. */
const open = new Set(["outcome_unknown", "write_in_progress", "not_recorded", "system_error", "repeat_unclear"]);

/** Who was told `done` was told the truth, and the same as everybody else who asked. */
export const doneIsDone: Rule = function* ({ attemptsByStory, effectById }) {
  for (const [story, attempts] of attemptsByStory) {
    const told = attempts.map(({ answer }) => answer).filter((answer) => answer.kind === "done");
    const [first] = told;
    if (first === undefined) continue;
    if (told.some(({ effect }) => effect !== first.effect))
      yield {
        kind: "contradiction",
        where: story,
        what: `told of the effects ${told.map(({ effect }) => effect).join(", ")}`,
      };
    if (told.filter(({ replayed }) => !replayed).length > 1)
      yield { kind: "contradiction", where: story, what: "told twice that it was done just now" };
    for (const done of told) yield* judgeEffect(story, done, effectById.get(done.effect)?.story);
  }
};

function* judgeEffect(story: string, { effect, story: told }: Done, happened: string | undefined): Iterable<Violation> {
  if (told !== story) yield { kind: "contradiction", where: story, what: `told of another write: ${told}` };
  if (happened === undefined)
    yield { kind: "lost", where: story, what: `told of the effect ${effect}, which never was` };
  else if (happened !== story)
    yield { kind: "contradiction", where: story, what: `effect ${effect} is of ${happened}` };
}

/** Where the backend said no, it is no for good. */
export const noIsNo: Rule = function* ({ attemptsByStory, effectsByStory }) {
  for (const [story, attempts] of attemptsByStory) {
    if (!attempts.some(({ answer }) => answer.kind === "no" && answer.code === "refused_outside")) continue;
    if (effectsByStory.has(story)) yield { kind: "contradiction", where: story, what: "told no, and it happened" };
    if (attempts.some(({ answer }) => answer.kind === "done"))
      yield { kind: "contradiction", where: story, what: "told no, and told that it was done" };
  }
};

/** Where every answer says that nothing was done, nothing was. */
export const nothingIsNothing: Rule = function* ({ attemptsByStory, effectsByStory }) {
  for (const [story, attempts] of attemptsByStory)
    if (effectsByStory.has(story) && !attempts.some(mayHaveHappened))
      yield { kind: "contradiction", where: story, what: "it happened, and every answer says that it did not" };
};

function mayHaveHappened({ answer }: Request): boolean {
  return ["done", "lost", "task"].includes(answer.kind) || (answer.kind === "no" && open.has(answer.code));
}

/** Another write under a key that is taken is refused, and previews and reads do nothing. */
export const othersDoNothing: Rule = function* ({ requests, effectsByStory }) {
  for (const { purpose, story, answer } of requests) {
    if (purpose !== "edited") continue;
    if (effectsByStory.has(story)) yield { kind: "contradiction", where: story, what: "an edited write took place" };
    if (answer.kind === "done") yield { kind: "contradiction", where: story, what: "an edited write was called done" };
  }
};

/** When all is over, whoever asks by the key is told what became of the write, and those who knew hear the same. */
export const everyAnswerIsFoundAgain: Rule = function* ({ wanted, attemptsByStory }) {
  for (const { story, tool, key } of wanted) {
    if (key === undefined) continue;
    const attempts = attemptsByStory.get(story) ?? [];
    const last = attempts.filter(({ purpose }) => purpose === "asked-again").at(-1)?.answer;
    const wasDone = attempts.some(({ purpose, answer }) => purpose === "write" && answer.kind === "done");
    if (last === undefined) yield { kind: "unended", where: story, what: "nobody asked what became of it" };
    else if (wasDone && !(last.kind === "done" && last.replayed))
      yield { kind: "lost", where: story, what: `told done, and asked again: ${JSON.stringify(last)}` };
    else if (!isLastWord(last, tool))
      yield { kind: "unended", where: story, what: `asked when all was over: ${JSON.stringify(last)}` };
  }
};

function isLastWord(answer: Answer, tool: string): boolean {
  if (answer.kind !== "no") return answer.kind === "done";
  return final.has(answer.code) || (answer.code === "outcome_unknown" && !backendOf(tool).takesKey);
}
