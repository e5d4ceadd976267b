type Words = readonly string[];

/** What may stand before a command and is none. */
const BEFORE = /^(?:[A-Za-z_]\w*=.*|if|then|elif|else|while|until|do|time|exec|command|!|\{)$/s;
const PIECES =
  /'(?<plain>[^']*)'|"(?<read>(?:[^"\\]|\\.)*)"|\\(?<one>.)|(?<between>\$\(|[;&|()`\n])|(?<space>\s+)|\$|[^\s'"\\;&|()`$]+/gs;
const SUBSTITUTED = /\$\(([^()]*)\)|`([^`]*)`/g;

/** The commands that stand in a line for a shell, each in words, with those whose output it puts in. */
export function* commandsIn(line: string): Generator<Words> {
  let words: string[] = [];
  let word: string | undefined;
  for (const { 0: piece, groups = {} } of line.matchAll(PIECES)) {
    const { plain, read, one, between, space } = groups;
    if (between === undefined && space === undefined) {
      word = (word ?? "") + (plain ?? read ?? one ?? piece);
      for (const [, inBrackets, inTicks] of (read ?? "").matchAll(SUBSTITUTED))
        yield* commandsIn(inBrackets ?? inTicks ?? "");
      continue;
    }
    if (word !== undefined) words.push(word);
    word = undefined;
    if (between === undefined) continue;
    yield* commandOf(words);
    words = [];
  }
  yield* commandOf(word === undefined ? words : [...words, word]);
}

function commandOf(words: Words): readonly Words[] {
  const at = words.findIndex((word) => !BEFORE.test(word));
  return at === -1 ? [] : [words.slice(at)];
}
