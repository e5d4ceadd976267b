import { anyBeyondAscii, anyControl, type Sought, WordSieve } from "../../audit/word-sieve.ts";
import { stepOf } from "../../define/json-pointer.ts";
import { lookAlikeName, plainName } from "../../define/plain-name.ts";

/** Something in a server's words that a person has to look at: the rule, the place as a JSON pointer, and what stands there. */
export interface Suspicion {
  readonly rule: string;
  readonly pointer: string;
  readonly excerpt: string;
}

interface Rule extends Sought {
  readonly id: string;
  /** What it says to people. */
  readonly says: string;
  /** False of a text in which the pattern finds nothing, for a small part of what the pattern costs. */
  readonly mayMatch?: (text: string) => boolean;
}

const SECRETS =
  "(?:passwords?|passphrases?|api[ _-]?keys?|private keys?|access tokens?|session tokens?|credentials|id_rsa|~?/?\\.ssh\\b|~?/?\\.aws\\b|\\.env\\b|mcp\\.json|environment variables)";

const LONG_RUN = 256;

/** Ids are stable: reports and lists of exceptions name them. */
export const suspicionRules: readonly Rule[] = [
  {
    id: "hidden-characters",
    says: "characters that nobody sees, or that turn the direction of reading",
    pattern:
      // oxlint-disable-next-line no-misleading-character-class -- each of them alone is looked for
      /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\u{e0100}-\u{e01ef}]|(?<![\p{Extended_Pictographic}\ufe0f])\u200d/u,
    words: anyBeyondAscii,
  },
  {
    id: "control-characters",
    says: "control characters, by which a terminal can be made to show something else",
    // oxlint-disable-next-line no-control-regex -- what is looked for
    pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/,
    words: `${anyControl}|${anyBeyondAscii}`,
  },
  {
    id: "mixed-scripts",
    says: "a word of letters that look alike in two scripts",
    pattern:
      /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u,
    words: anyBeyondAscii,
  },
  {
    id: "instructions-to-the-model",
    says: "words that tell the model what to do beside calling the tool",
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}\b(?:previous|prior|earlier|above|all|any|other|system|your)\b[^.]{0,30}\b(?:instructions?|rules?|prompts?|messages?|polic(?:y|ies)|guidelines)\b|\bsystem prompt\b|<\/?(?:system|important|instructions?|secret|hidden|admin)>|\byou (?:are|will be) now\b|\bnew instructions?\b|\bbefore (?:using|calling|you (?:use|call)) (?:any|every|all|this)[^.]{0,60}\b(?:must|always|first|read|call|send)\b/i,
    words:
      "ignore|disregard|forget|override|bypass|system prompt|system>|important>|instruction>|instructions>|secret>|hidden>|admin>|you are now|you will be now|new instruction|before using|before calling|before you ",
  },
  {
    id: "secrecy",
    says: "words that keep something from the user",
    pattern:
      /\b(?:do not|don't|never|without)\s+(?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|reveal(?:ing)?|show(?:ing)?|notify(?:ing)?|ask(?:ing)?)\b[^.]{0,40}\b(?:user|human|person|anyone|them|him|her)\b/i,
    words: "do not|don't|never|without",
  },
  {
    id: "asks-for-secrets",
    says: "words that ask for secrets",
    pattern: new RegExp(
      `\\b(?:read|send|pass|include|provide|paste|attach|put|give|supply|append|copy|forward)\\b[^.]{0,60}${SECRETS}`,
      "i",
    ),
    words:
      "password|passphrase|api key|api_key|api-key|apikey|private key|access token|session token|credentials|id_rsa|.ssh|.aws|.env|mcp.json|environment variables",
  },
  {
    id: "markup",
    says: "markup that a client may follow or run",
    pattern: /<(?:script|iframe|img|object|embed|link|meta|svg)\b|(?<=!\[[^\]]{0,200})\]\(\s*https?:|javascript:/i,
    words: "<script|<iframe|<img|<object|<embed|<link|<meta|<svg|](|javascript:",
  },
  {
    id: "encoded-text",
    says: "a long run of encoded text",
    pattern: new RegExp(`(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{${LONG_RUN},}={0,2}`),
    mayMatch: hasLongRun,
  },
];

const sieve = new WordSieve(suspicionRules);

const OTHER_TOOLS = "names-other-tools";
const LOOK_ALIKE = "look-alike-name";
const NOT_ALL_READ = "not-all-read";
const MOST_LETTERS = 200_000;
/** Of all that one server offers at once: what a comparison takes is time in which nothing else is served. */
const MOST_TOGETHER = 4_000_000;
/** Of a result. */
const LOOKED_OVER = 20_000;
/** No rule goes on across it, but for one that looks for the beginning of a link. */
const BETWEEN = " .\n";
const AROUND = 40;

/** The rules by id, with what each says to people. */
export const suspicionWords: Readonly<Record<string, string>> = {
  ...Object.fromEntries(suspicionRules.map(({ id, says }) => [id, says])),
  [OTHER_TOOLS]: "the name of a tool of another server",
  [LOOK_ALIKE]: "a name that reads like that of another server's tool",
  "too-long": "more text than anybody reads",
  [NOT_ALL_READ]: "more text than was looked over",
};

/** What stands beside something that a server says. */
export interface Beside {
  /** Names under which tools of others are served. */
  readonly others: ReadonlySet<string>;
  /** The name under which a tool is served itself; undefined for all else. */
  readonly servedAs?: string;
  /** The server's names of its own tools: its words may speak of those, whoever else has such a name. */
  readonly own?: ReadonlySet<string>;
  /** What is left to be looked over of the server's letters. */
  readonly budget?: LetterBudget;
}

/** Letters of one server that are looked over, all its things together; what is beyond is too long. */
export class LetterBudget {
  #left: number = MOST_TOGETHER;

  /** False where there are not so many left. */
  take(letters: number): boolean {
    this.#left -= letters;
    return this.#left >= 0;
  }
}

const ALONE: Beside = { others: new Set() };
const formsOfNames = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>();

/** What is suspicious in anything that a server says of itself or of one of its things, names of fields included. */
export function suspicionsIn(listed: unknown, beside: Beside = ALONE): readonly Suspicion[] {
  const found: Suspicion[] = [...inServedName(beside)];
  let letters = 0;
  for (const { pointer, text } of textsIn(listed, "")) {
    letters += text.length;
    if (letters > MOST_LETTERS || beside.budget?.take(text.length) === false) {
      found.push({ rule: "too-long", pointer, excerpt: "" });
      break;
    }
    found.push(...inText(text, pointer), ...inNames(text, pointer, beside));
  }
  return found;
}

/**
 * What is suspicious in the texts of values, names of members included, by rule; for results, which are data too. The last
 * is `not-all-read` where they are longer than what is looked over.
 */
export function rulesMatching(values: readonly unknown[]): readonly string[] {
  const written = asWritten(values);
  if (written !== undefined && !sieve.sift(written).some((rule) => matches(rule, written))) return [];
  const { text, isAll } = beginningOf(values);
  const found = sieve.sift(text).filter((rule) => matches(rule, text));
  return [...found.map(({ id }) => id), ...(isAll ? [] : [NOT_ALL_READ])];
}

/**
 * All values as JSON has them, in which a rule finds whatever it finds in their texts, for a third of what reading each of
 * those costs. What is there as a value and as a text of it is there once. Undefined where the texts are longer than what
 * is looked over, or where JSON spells a letter otherwise.
 */
function asWritten(values: readonly unknown[]): string | undefined {
  const parts: string[] = [];
  let letters = 0;
  for (const value of values) {
    const part = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    letters += part.length + BETWEEN.length;
    if (letters > LOOKED_OVER || (part !== value && part.includes("\\"))) return undefined;
    if (!parts.includes(part)) parts.push(part);
  }
  return parts.join(BETWEEN);
}

/** The texts as one, so far as they are looked over: however many there are, and however long. */
function beginningOf(values: readonly unknown[]): { readonly text: string; readonly isAll: boolean } {
  let text = "";
  let isAll = values.length <= LOOKED_OVER;
  const waiting = values.slice(0, LOOKED_OVER);
  const take = (more: readonly unknown[]): void => {
    const room = Math.max(0, LOOKED_OVER - waiting.length);
    isAll &&= more.length <= room;
    waiting.push(...more.slice(0, room));
  };
  for (const value of waiting) {
    const left = LOOKED_OVER - text.length;
    if (left <= 0) return { text, isAll: false };
    if (typeof value === "string") {
      isAll &&= value.length <= left;
      text += `${value.slice(0, left)}${BETWEEN}`;
    } else if (Array.isArray(value)) take(value);
    else if (typeof value === "object" && value !== null) take(Object.entries(value).slice(0, LOOKED_OVER).flat());
  }
  return { text, isAll };
}

function matches({ pattern, mayMatch }: Rule, text: string): boolean {
  return (mayMatch === undefined || mayMatch(text)) && pattern.test(text);
}

/** Every run of so many letters covers one of the places that lie so far apart: the others need not be looked at. */
function hasLongRun(text: string): boolean {
  for (let place = LONG_RUN - 1; place < text.length; ) {
    let at = place;
    while (at > place - LONG_RUN && isBase64(text.charCodeAt(at))) at -= 1;
    if (at === place - LONG_RUN) return true;
    place = at + LONG_RUN;
  }
  return false;
}

function isBase64(code: number): boolean {
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  return isLetter || (code >= 0x2f && code <= 0x39) || code === 0x2b;
}

function inText(text: string, pointer: string): readonly Suspicion[] {
  return sieve.sift(text).flatMap(({ id, pattern, mayMatch }) => {
    const match = mayMatch?.(text) === false ? null : pattern.exec(text);
    return match === null ? [] : [{ rule: id, pointer, excerpt: excerptOf(text, match.index, match[0].length) }];
  });
}

/** The very name of another is no look-alike: with two of one name no gate starts. */
function inServedName({ servedAs, others }: Beside): readonly Suspicion[] {
  if (servedAs === undefined || others.has(servedAs)) return [];
  const forms = formsOf(others);
  const other = forms.get(asRead(servedAs)) ?? forms.get(asSeen(servedAs));
  return other === undefined ? [] : [{ rule: LOOK_ALIKE, pointer: "/name", excerpt: `${servedAs} ~ ${other}` }];
}

/** The names by the forms that two of them may have in common, made once for all that is looked at beside them. */
function formsOf(names: ReadonlySet<string>): ReadonlyMap<string, string> {
  let forms = formsOfNames.get(names);
  if (forms === undefined) {
    const each = [...names].flatMap((name) => [[asRead(name), name] as const, [asSeen(name), name] as const]);
    formsOfNames.set(names, (forms = new Map(each)));
  }
  return forms;
}

function asRead(name: string): string {
  return `read ${plainName(name)}`;
}

function asSeen(name: string): string {
  return `seen ${lookAlikeName(name)}`;
}

/** Plain words stand in every text; a name of two words joined does not by chance. */
function inNames(text: string, pointer: string, { others, own }: Beside): readonly Suspicion[] {
  if (pointer === "/name") return [];
  const words = new Set(text.match(/(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)+/g) ?? []);
  const named = [...words].find((word) => others.has(word) && own?.has(word) !== true);
  if (named === undefined) return [];
  return [{ rule: OTHER_TOOLS, pointer, excerpt: excerptOf(text, text.indexOf(named), named.length) }];
}

/** Hidden characters are shown by their numbers. */
function excerptOf(text: string, at: number, length: number): string {
  const part = text.slice(Math.max(0, at - AROUND), at + Math.min(length, 120) + AROUND);
  return part.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
}

function* textsIn(value: unknown, pointer: string): Generator<{ readonly pointer: string; readonly text: string }> {
  if (typeof value === "string") yield { pointer, text: value };
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const below = `${pointer}/${stepOf(name)}`;
      if (!Array.isArray(value)) yield { pointer: `${below}#`, text: name };
      yield* textsIn(member, below);
    }
  }
}
