import { toStem } from "./stem.ts";

const LETTERS_OR_DIGITS = /[\p{L}\p{N}]+/gu;

/** Words that stand in every description and every question. */
const EMPTY: ReadonlySet<string> = new Set(
  (
    "a an and any are as at be been but by can do does for from get has have how i if in into is it its me my of on or our out " +
    "so than that the their them then there these they this to up us was we were what when which who will with you your"
  ).split(" "),
);

/** The words of a text as they are indexed and asked for: names taken apart, in lower case, without their endings. */
export function wordsOf(text: string): string[] {
  const apart = text.replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").toLowerCase();
  const words = apart.match(LETTERS_OR_DIGITS) ?? [];
  return words.filter((word) => !EMPTY.has(word)).map(toStem);
}
