const PLAIN = /^[a-z]+$/;

/** Endings, and how much of a word must be left without them. */
const ENDINGS: readonly (readonly [string, number])[] = [
  ["ation", 4],
  ["ment", 3],
  ["ing", 3],
  ["ion", 4],
  ["ate", 4],
  ["al", 5],
  ["ed", 3],
  ["e", 3],
];

/** An English word without what only grammar adds to it: `cancellations` and `cancel` are one. Others stay as they are. */
export function toStem(word: string): string {
  if (word.length < 4 || !PLAIN.test(word)) return word;
  const single = withoutPlural(word);
  const plain = withoutEnding(single);
  // cancelling, cancelled, cancel
  return plain.replace(/([bcdfghjklmnpqrstvwxz])\1$/, "$1");
}

function withoutPlural(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(?:[sxz]|[cs]h)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) && !word.endsWith("is") ? word.slice(0, -1) : word;
}

function withoutEnding(word: string): string {
  for (const [ending, least] of ENDINGS)
    if (word.endsWith(ending) && word.length - ending.length >= least) return word.slice(0, -ending.length);
  return word;
}
