/**
 * Letters that whoever decides would not see, or that would change how the rest reads: controls but tab and line feed,
 * what turns the order of letters round, what has no width or looks like a space, and what no font knows.
 */
export const UNSEEN: RegExp =
  /[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}|(?! )\p{Zs}|\u{34f}|\u{115f}|\u{1160}|\u{17b4}|\u{17b5}|\u{2800}|\u{3164}|\u{ffa0}/gu;

/** The number of such a letter, as Unicode writes it: `U+202E`. */
export function numberOf(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
