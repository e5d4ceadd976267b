type Words = readonly string[];

/** What may stand before a command and is none. */
const BEFORE = /^(?:[A-Za-z_]\w*=.*|if|then|elif|else|while|until|do|time|exec|command|!|\{)$/s;
const QUOTED = /'(?<plain>[^']*)'|"(?<read>(?:[^"\\]|\\.)*)"|\\(?<one>.)/s.source;
/** Where something is read from, or written to; it may stand anywhere in a command, and is no word of it. */
const REDIRECTED = /(?:\d*[<>]+[&|]?|&>+)[^\S\n]*(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\;&|()<>])*/s.source;
const COMMENT = /(?<![^\s;&|()])#[^\n]*/.source;
const PIECES = new RegExp(
  `${QUOTED}|(?<space>${COMMENT}|${REDIRECTED}|[^\\S\\n]+)|(?<between>\\$\\(|[;&|()\\n])|\\$|[^\\s'"\\\\;&|()<>$]+`,
  "gs",
);
const IN_TICKS = /`([^`]*)`/g;
const SUBSTITUTED = /\$\(([^()]*)\)/g;

/** The commands that stand in a line for a shell, each in words, with those whose output it puts in. */
export function* commandsIn(line: string): Generator<Words> {
  const plainer = line.replaceAll("\\\n", "").replaceAll(IN_TICKS, "$($1)");
  let words: string[] = [];
  let word: string | undefined;
  for (const { 0: piece, groups = {} } of plainer.matchAll(PIECES)) {
    const { plain, read, one, between, space } = groups;
    if (between === undefined && space === undefined) {
      word = (word ?? "") + (plain ?? read ?? one ?? piece);
      for (const [, substituted = ""] of (read ?? "").matchAll(SUBSTITUTED)) yield* commandsIn(substituted);
      continue;
    }
    if (between === "$(") word = `${word ?? ""}…`;
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
