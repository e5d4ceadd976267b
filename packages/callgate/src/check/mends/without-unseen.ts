import { UNSEEN } from "../../approvals/unseen.ts";
import { escapePattern } from "../../define/escape-pattern.ts";
import type { Mend } from "../finding.ts";

/** Letters beside a hidden one, which tell its place: such as a source writes in one way alone. */
const BESIDE = `(?:(?!${UNSEEN.source})[^"'\`\\\\\\r\\n$]){0,60}`;
const RUN = new RegExp(`(${BESIDE})((?:${UNSEEN.source})+)(${BESIDE})`, "gu");

/** Takes hidden letters out of a text, run by run; for what looks like a space there is one. */
export function withoutUnseen(text: string): readonly Mend[] {
  return [...text.matchAll(RUN)].map(([, before = "", hidden = "", after = ""]) => ({
    find: new RegExp(escapePattern(before + hidden + after), "gu"),
    put: `${before}${/\p{Zs}/u.test(hidden) ? " " : ""}${after}`,
  }));
}
