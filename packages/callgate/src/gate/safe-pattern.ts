import ret, { type Root, type Token, type Tokens, types } from "ret";

// The package is the function itself; its types say that it is under `default`.
const tokenize = ret as unknown as (pattern: string) => Root;

/** A repetition that may go round more often than this counts as one without end. */
const FEW = 16;

/**
 * Whether a pattern takes no more than polynomial time: within a repetition without end, nothing may itself vary in
 * length, and no two alternatives may begin alike. A pattern that cannot be read is not safe.
 */
export function isSafePattern(pattern: string): boolean {
  try {
    // For length and choice a look behind is like a look ahead, which is what the tokenizer knows.
    return isSafe(tokenize(pattern.replaceAll(/\(\?<([=!])/g, "(?$1")), false);
  } catch {
    return false;
  }
}

function isSafe(token: Tokens, isRepeated: boolean): boolean {
  if (token.type === types.REPETITION) {
    const varies = token.max !== token.min;
    if (isRepeated && varies) return false;
    return isSafe(token.value, isRepeated || (varies && token.max > FEW));
  }
  if (token.type !== types.ROOT && token.type !== types.GROUP) return true;
  const options = token.options ?? [token.stack ?? []];
  if (isRepeated && beginAlike(options)) return false;
  return options.flat().every((part) => isSafe(part, isRepeated));
}

function beginAlike(options: readonly (readonly Token[])[]): boolean {
  const beginnings = options.map(([first]) => JSON.stringify(first ?? null));
  return new Set(beginnings).size < beginnings.length;
}
