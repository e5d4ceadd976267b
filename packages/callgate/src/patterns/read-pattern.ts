import ret, { type Root } from "ret";
import { UNREAD } from "./character-set.ts";

// The package is the function itself; its types say that it is under `default`.
const tokenize = ret as unknown as (pattern: string) => Root;

/** A pattern in its parts; throws where it is none. For length and choice a look behind is like a look ahead. */
export function readPattern(pattern: string): Root {
  return tokenize(
    pattern
      .replaceAll(/\(\?<([=!])/g, "(?$1")
      .replaceAll(/\\[pP]\{[^}]*\}|\\u\{[^}]*\}|[\u{10000}-\u{10ffff}]/gu, UNREAD),
  );
}
