import { backendOf, effectTools } from "../effects/effect.ts";
import type { CaseFile } from "./case-file.ts";
import type { Write } from "./evidence.ts";
import type { Rule, Violation } from "./violation.ts";

/** From so many effects on, each tool must have made some: else something was not tried at all. */
const ENOUGH = 200;

/** A run in which nothing took place proves nothing, nor does one in which a whole tool did nothing. */
export const somethingHappened: Rule = function* ({ effects }) {
  if (effects.length === 0) yield { kind: "broken", where: "run", what: "nothing took place" };
  if (effects.length < ENOUGH) return;
  const made = new Set(effects.map(({ tool }) => tool));
  for (const tool of Object.keys(effectTools))
    if (!made.has(tool)) yield { kind: "broken", where: "run", what: `${tool} never took place` };
};

/** However often a write was sent, died and was tried again, the outside world saw it once at most. */
export const oneEffectPerKey: Rule = function* ({ effectsByKey }) {
  for (const [key, effects] of effectsByKey)
    if (effects.length > 1)
      yield { kind: "duplicate", where: effects[0]?.story ?? key, what: `${effects.length} effects under one key` };
};

/** Nor under two keys. */
export const oneEffectPerStory: Rule = function* ({ effectsByStory }) {
  for (const [story, effects] of effectsByStory) {
    const keys = new Set(effects.map(({ key }) => key));
    if (keys.size > 1) yield { kind: "duplicate", where: story, what: `effects under ${keys.size} keys` };
  }
};

/** Nothing happens of which the ledger knows nothing. */
export const everyEffectHasItsRow: Rule = function* ({ effects, writeByEffectKey }) {
  for (const { key, story, id } of effects)
    if (!writeByEffectKey.has(key))
      yield { kind: "unrecorded", where: story, what: `effect ${id} has no row in the ledger` };
};

/** What a row says of its effect is so. */
export const rowsSayWhatHappened: Rule = function* (file) {
  for (const write of file.writes) {
    const violation = write.tool in effectTools ? judge(file, write) : judgeOther(write);
    if (violation !== undefined) yield violation;
  }
};

function judge(file: CaseFile, write: Write): Violation | undefined {
  const effects = file.effectsOf(write).length;
  const where = `${write.tool} ${write.key}`;
  switch (write.state) {
    case "done":
      return effects > 0 ? undefined : { kind: "lost", where, what: "its row says done, and nothing happened" };
    case "failed":
    case "released":
    case "awaiting":
    case "approved":
    case "denied":
    case "expired":
    case "withdrawn":
      if (effects === 0) return undefined;
      return { kind: "contradiction", where, what: `its row says ${write.state}, and it happened` };
    case "unknown":
      return judgeUnknown(file, write);
    case "claimed":
    case "running":
      return { kind: "unended", where, what: `its row is still ${write.state}` };
  }
}

/** A decision on another write: it must have come to an end. */
function judgeOther({ tool, key, state }: Write): Violation | undefined {
  if (state !== "claimed" && state !== "running") return undefined;
  return { kind: "unended", where: `${tool} ${key}`, what: `its row is still ${state}` };
}

/** Not to know is right only where nobody has asked since, or the backend cannot tell. */
function judgeUnknown({ askedKeys, effectsOf }: CaseFile, write: Write): Violation | undefined {
  const { tool, key } = write;
  if (!askedKeys.has(key)) return undefined;
  const { takesKey, canBeAsked } = backendOf(tool);
  const where = `${tool} ${key}`;
  if (takesKey) return { kind: "unended", where, what: "unknown, though its backend takes the key" };
  if (canBeAsked && effectsOf(write).length > 0)
    return { kind: "unended", where, what: "unknown, though its backend knows" };
  return undefined;
}

/** A write that has others write is not done without them. */
export const nothingIsHalfDone: Rule = function* ({ writes, effectsOf, effectsByStory }) {
  for (const write of writes) {
    if (write.tool !== "place_pair" || write.state !== "done") continue;
    for (const { story } of effectsOf(write))
      for (const part of ["first", "second"])
        if (!effectsByStory.has(`${story}.${part}`))
          yield { kind: "lost", where: story, what: `done, but its ${part} part was not` };
  }
};
