import { type Char, type Set as ClassToken, type Range, types } from "ret";

/** Ranges of characters, both ends within, in order and apart from each other. */
export type CharacterSet = readonly (readonly [number, number])[];

const LAST = 0xff_ff;

/** Stands in a pattern for what the tokenizer cannot read: classes by property, and characters beyond 16 bits. */
export const UNREAD = "\ue000";
const UNREAD_CODE = UNREAD.charCodeAt(0);

export const EVERYTHING: CharacterSet = [[0, LAST]];

/** The characters that one place of a pattern takes. */
export function toCharacterSet(token: Char | Range | ClassToken): CharacterSet {
  switch (token.type) {
    case types.CHAR:
      return token.value === UNREAD_CODE ? EVERYTHING : [[token.value, token.value]];
    case types.RANGE:
      return token.from === UNREAD_CODE ? EVERYTHING : [[token.from, token.to]];
    case types.SET:
      return token.not ? complement(merged(token.set.filter(isRead))) : merged(token.set);
  }
}

/** Whether some character is in both. */
export function overlap(one: CharacterSet, other: CharacterSet): boolean {
  return one.some(([from, to]) => other.some(([otherFrom, otherTo]) => from <= otherTo && otherFrom <= to));
}

/** The characters that are in both. */
export function intersection(one: CharacterSet, other: CharacterSet): CharacterSet {
  return one.flatMap(([from, to]) =>
    other
      .map(([otherFrom, otherTo]) => [Math.max(from, otherFrom), Math.min(to, otherTo)] as const)
      .filter(([begin, end]) => begin <= end),
  );
}

/** What a negated class leaves out is not known where it is not read: it may then take that too. */
function isRead(token: Char | Range | ClassToken): boolean {
  return toCharacterSet(token) !== EVERYTHING;
}

function merged(tokens: readonly (Char | Range | ClassToken)[]): CharacterSet {
  const ranges = tokens.flatMap(toCharacterSet).toSorted(([one], [other]) => one - other);
  const apart: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}

function complement(set: CharacterSet): CharacterSet {
  const starts = [0, ...set.map(([, to]) => to + 1)];
  const ends = [...set.map(([from]) => from - 1), LAST];
  return starts.map((from, at) => [from, ends[at] ?? LAST] as const).filter(([from, to]) => from <= to);
}
