import { parseRate } from "../limits/rate-limit.ts";

/** What a setting may hold, and what to write where it holds something else. */
export interface Kind {
  readonly fits: (value: unknown) => boolean;
  /** A sentence, e.g. `Use one of normal, high.` */
  readonly cure: string;
}

type FieldsOf<Settings> = Settings extends unknown ? keyof Settings : never;
/** A kind for each setting: a new one that is not listed does not compile. */
export type Kinds<Settings> = Readonly<Record<FieldsOf<Settings>, Kind>>;

/** A timer beyond this many milliseconds fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** For what is judged where it is used. */
export const anything: Kind = { fits: () => true, cure: "" };

export const text: Kind = { fits: isText, cure: "Give a text that is not empty." };

/** Words for people, which may be none. */
export const words: Kind = { fits: (value) => typeof value === "string", cure: "Give a text." };

export const flag: Kind = { fits: (value) => typeof value === "boolean", cure: "Use true or false." };

export const aFunction: Kind = { fits: (value) => typeof value === "function", cure: "Give a function." };

export const rate: Kind = {
  fits: (value) => typeof value === "string" && parseRate(value) !== undefined,
  cure: 'Write calls per time, like "60/min".',
};

export const timeout: Kind = wholeNumber({ most: LONGEST_TIMEOUT_MS });

/** One of a few words. */
export function oneOf(words: readonly string[]): Kind {
  return { fits: (value) => words.includes(value as string), cure: `Use one of ${words.join(", ")}.` };
}

/** Any number of a few words. */
export function listOfSome(words: readonly string[]): Kind {
  const { fits } = oneOf(words);
  return { fits: (value) => Array.isArray(value) && value.every(fits), cure: `Use a list of ${words.join(", ")}.` };
}

/** Texts in a list, none of them empty; `example` is a right one. */
export function texts(example: string): Kind {
  return { fits: (value) => Array.isArray(value) && value.every(isText), cure: `Give a list of texts: ${example}.` };
}

interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/** A whole number within bounds; from 1 unless said otherwise. */
export function wholeNumber({ least = 1, most = Number.MAX_SAFE_INTEGER }: Bounds = {}): Kind {
  return {
    fits: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    cure: `Use a whole number from ${least} to ${most}.`,
  };
}

/** A number, whole or not. */
export const aboveZero: Kind = {
  fits: (value) => Number.isFinite(value) && Number(value) > 0,
  cure: "Use a number above 0.",
};

/** An object that has functions of these names. */
export function objectWith(functions: readonly string[], cure: string): Kind {
  const has = (value: object, name: string): boolean => typeof Reflect.get(value, name) === "function";
  return { fits: (value) => isObject(value) && functions.every((name) => has(value, name)), cure };
}

/** An object that is no list. */
export function anObject(example: string): Kind {
  return { fits: isObject, cure: `Write it as an object: ${example}.` };
}

/** A list of which each member is of a kind. */
export function listOf({ fits }: Kind, cure: string): Kind {
  return { fits: (value) => Array.isArray(value) && value.every(fits), cure };
}

/** An object of which each member is of a kind. */
export function recordOf({ fits }: Kind, cure: string): Kind {
  return { fits: (value) => isObject(value) && Object.values(value).every(fits), cure };
}

/** What is of either kind; the cure says both. */
export function either(one: Kind, other: Kind, cure: string): Kind {
  return { fits: (value) => one.fits(value) || other.fits(value), cure };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
