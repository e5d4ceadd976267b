import { escapePattern } from "../define/escape-pattern.ts";

/** A pattern that hardly any text matches. */
export interface Sought {
  readonly pattern: RegExp;
  /**
   * Words, with `|` between them, of which one stands in every text that the pattern matches: in small letters, however the
   * text has them, and with {@link anyDigit} and its like for any letter of a kind. Without words it is tried on every text.
   */
  readonly words?: string | undefined;
}

export const anyDigit = "0";
/** Those of ASCII that print nothing, but for tab, line feed and carriage return. */
export const anyControl = "\u0000";
export const anyBeyondAscii = "\u0080";

/** Any of the words, and nothing but that. */
export function wordsThemselves(words: string): Sought {
  return { pattern: new RegExp(words.split("|").map(escapePattern).join("|"), "i"), words };
}

const ASCII = 128;
const MOST_WITH_WORDS = 31;
/** A place in the table is of 16 bits: the number of a state, and behind it so many for the kind of the next letter. */
const KIND_BITS = 6;
const MOST_KINDS = 2 ** KIND_BITS - 1;
const MOST_STATES = 2 ** (16 - KIND_BITS);

/**
 * Tells which of many patterns are worth trying on a text by reading it once, for the words of all of them (Aho and
 * Corasick, 1975). Twenty patterns that each go over the text take about three times as long.
 */
export class WordSieve<Thing extends Sought> {
  readonly #withWords: readonly Thing[];
  readonly #withoutWords: readonly Thing[];
  readonly #kinds: Uint8Array;
  readonly #beyondAscii: number;
  readonly #next: Uint16Array;
  /** Which things have a word that ends at a state, a bit for each. States at which none does come first. */
  readonly #ended: Int32Array;
  readonly #firstEnded: number;

  constructor(things: readonly Thing[]) {
    this.#withWords = things.filter(({ words }) => words !== undefined);
    this.#withoutWords = things.filter(({ words }) => words === undefined);
    const kinds = new Map<string, number>();
    const all = statesOf(this.#withWords, kinds);
    const states = [...all.filter(({ ended }) => ended === 0), ...all.filter(({ ended }) => ended !== 0)];
    const fits = this.#withWords.length <= MOST_WITH_WORDS && kinds.size <= MOST_KINDS && states.length <= MOST_STATES;
    if (!fits) throw new Error("too many words for one sieve");
    this.#kinds = Uint8Array.from({ length: ASCII }, (_, code) => kinds.get(kindOf(code)) ?? 0);
    this.#beyondAscii = kinds.get(anyBeyondAscii) ?? 0;
    const places = new Map(states.map((state, number) => [state, number << KIND_BITS]));
    this.#next = new Uint16Array(states.length << KIND_BITS);
    for (const [{ next }, place] of places)
      for (const [kind, state] of next) this.#next[place + kind] = places.get(state) ?? 0;
    this.#ended = Int32Array.from(states, ({ ended }) => ended);
    this.#firstEnded = this.#ended.findIndex((ended) => ended !== 0) << KIND_BITS;
  }

  /** Those of which a word stands in the text, and those that have no words. */
  sift(text: string): readonly Thing[] {
    const found = this.#read(text);
    if (found === 0) return this.#withoutWords;
    return [...this.#withWords.filter((_, index) => (found & (1 << index)) !== 0), ...this.#withoutWords];
  }

  /** A bit for each thing of which a word stands in the text. */
  #read(text: string): number {
    const [kinds, next, ended] = [this.#kinds, this.#next, this.#ended];
    const [beyondAscii, firstEnded] = [this.#beyondAscii, this.#firstEnded];
    let place = 0;
    let found = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      // Every code has a kind, and every place of a kind has a next one.
      place = next[place + (code < ASCII ? (kinds[code] as number) : beyondAscii)] as number;
      if (place >= firstEnded) found |= ended[place >> KIND_BITS] as number;
    }
    return found;
  }
}

/** What has been read of words: the longest beginning of one that the letters so far end with. */
interface State {
  /** By the kind of the next letter; where there is none, nothing has been read. */
  readonly next: Map<number, State>;
  ended: number;
}

/** Every state, the one of nothing first; each kind of letter gets a number. */
function statesOf(things: readonly Sought[], kinds: Map<string, number>): readonly State[] {
  const nothing: State = { next: new Map(), ended: 0 };
  for (const [index, { words = "" }] of things.entries())
    for (const word of words.split("|")) addWord(nothing, word, { kinds, ended: 1 << index });
  const states = [nothing];
  const shorter = new Map<State, State>();
  for (const state of states) {
    const less = shorter.get(state);
    for (const [kind, next] of state.next) {
      states.push(next);
      shorter.set(next, less?.next.get(kind) ?? nothing);
    }
    if (less === undefined) continue;
    state.ended |= less.ended;
    for (const [kind, next] of less.next) if (!state.next.has(kind)) state.next.set(kind, next);
  }
  return states;
}

function addWord(
  from: State,
  word: string,
  { kinds, ended }: { readonly kinds: Map<string, number>; readonly ended: number },
): void {
  let state = from;
  for (const letter of word) {
    if (letter !== kindOf(letter.charCodeAt(0))) throw new Error(`no text has ${JSON.stringify(letter)} for a sieve`);
    const kind = kinds.get(letter) ?? kinds.size + 1;
    kinds.set(letter, kind);
    const next = state.next.get(kind) ?? { next: new Map(), ended: 0 };
    state.next.set(kind, next);
    state = next;
  }
  state.ended |= ended;
}

/** The letter of words that a letter of a text is taken for. */
function kindOf(code: number): string {
  if (code >= ASCII) return anyBeyondAscii;
  const letter = String.fromCharCode(code).toLowerCase();
  if (letter >= "0" && letter <= "9") return anyDigit;
  const prints = code >= 0x20 && code !== 0x7f;
  return prints || "\t\n\r".includes(letter) ? letter : anyControl;
}
