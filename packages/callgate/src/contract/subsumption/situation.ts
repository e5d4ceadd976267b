import type { Conjunction, JsonType } from "./conjunction.ts";
import type { SchemaNode } from "./schema-document.ts";

/** Something that the narrow side allows, or may allow, and the wide one does not. */
export interface Gap {
  /** The keyword that does not allow it; `declared` and `undeclared` tell of a field that one side alone names. */
  readonly rule: string;
  /** JSON pointer into the wide side's document. */
  readonly pointer: string;
  /** What it demands there. */
  readonly demand?: unknown;
  /** The values, types or field that it is about. */
  readonly about?: readonly unknown[];
  /** True where every value is taken there: nothing is refused that was not. */
  readonly isHarmless?: boolean;
  /** True where it was found in one form of several, which may not be the one that was meant. */
  readonly isGuess?: boolean;
}

/** Finds gaps, deeper down. */
export interface Proof {
  /** What these allow for the same value, and `wide` does not. */
  lacks(narrow: Conjunction, wide: SchemaNode): readonly Gap[];
  /** The same for a part of the value. */
  lacksWithin(narrow: Conjunction, wide: SchemaNode): readonly Gap[];
  /** True where no value can meet all of these; false also where that cannot be told. */
  isEmpty(narrow: Conjunction): boolean;
  /** The same for a part of the value. */
  isEmptyWithin(narrow: Conjunction): boolean;
}

/** One keyword of the wide side is asked for the gaps before it. */
export interface Situation {
  readonly narrow: Conjunction;
  readonly types: ReadonlySet<JsonType>;
  readonly wide: SchemaNode;
  readonly proof: Proof;
}

/** Gaps before one keyword of a situation's wide side. */
export type KeywordGaps = (situation: Situation, keyword: string) => readonly Gap[];

/** A gap at a keyword of the wide side. */
export function gapAt({ wide }: Situation, rule: string, about?: readonly unknown[]): Gap {
  const pointer = `${wide.pointer}/${rule}`;
  return { rule, pointer, demand: wide.schema[rule], ...(about && { about }) };
}
