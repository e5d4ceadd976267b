import { UNSEEN } from "../../approvals/unseen.ts";
import type { Mend } from "../finding.ts";

/** Letters beside a hidden one, which tell its place: such as a source writes in one way alone. */
const BESIDE = `(?:(?!${UNSEEN.source})[^"'\`\\\\\\r\\n$]){0,60}`;
const RUN = new RegExp(`(${BESIDE})((?:${UNSEEN.source})+)(${BESIDE})`, "gu");
/** Fewer say too little of which place is meant. */
const FEWEST_BESIDE = 12;
/** Some scripts and emoji are spelled with joiners and tags, and the newest letters are none that this process knows. */
const MEANT = /\u200c|\u200d|[\u{e0020}-\u{e007f}\p{Cn}\p{Co}]/u;
const LIKE_A_SPACE = /[\p{Zs}\p{Zl}\p{Zp}\v\f\u0085\u2800\u3164\uffa0\u115f\u1160]/u;

/** Takes hidden letters out of a text, run by run; for what looks like a space there is one. None where one may be meant. */
export function withoutUnseen(text: string): readonly Mend[] {
  const runs = [...text.matchAll(RUN)].map(([, before = "", letters = "", after = ""]) => ({ before, letters, after }));
  const isPlain = runs.every(
    ({ before, letters, after }) => !MEANT.test(letters) && before.length + after.length >= FEWEST_BESIDE,
  );
  return isPlain ? runs.map((run) => ({ ...run, put: LIKE_A_SPACE.test(run.letters) ? " " : "" })) : [];
}
