import type MiniSearch from "minisearch";
import { wordsLike } from "./alike.ts";
import { wordsOf } from "./words.ts";

/** What of a tool is searched. */
export interface SearchedTool {
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string;
  readonly domain: string;
  /** Names of its arguments, what is said of them, and what they may be. */
  readonly arguments: string;
  /** Names that it once had. */
  readonly former: string;
}

/** How well a field's words say what a tool is for. */
const BOOST = { name: 3, title: 2, description: 1.5, domain: 1, arguments: 0.5, former: 1 };
/** What a word counts that was not asked for, but means much the same. */
const ALIKE_COUNTS = 0.2;
const LONGEST_QUERY_WORDS = 40;
const NO_NAME = /[^\p{L}\p{N}_.-]+/u;

/** Tools by the words that their contracts use. Built once; it never changes. */
export class ToolIndex {
  readonly #index: MiniSearch<SearchedTool>;
  readonly #names: ReadonlySet<string>;

  private constructor(index: MiniSearch<SearchedTool>, names: ReadonlySet<string>) {
    this.#index = index;
    this.#names = names;
  }

  /** Loads what it searches with, when the first is built. */
  static async of(tools: readonly SearchedTool[]): Promise<ToolIndex> {
    const { default: Index } = await import("minisearch");
    const index = new Index<SearchedTool>({
      idField: "name",
      fields: Object.keys(BOOST),
      tokenize: wordsOf,
      processTerm: (word) => word,
    });
    index.addAll(tools);
    return new ToolIndex(index, new Set(tools.map(({ name }) => name)));
  }

  /** Names of tools, best first; what is named outright comes before all that matches. */
  search(query: string): readonly string[] {
    const named = query.split(NO_NAME).filter((word) => this.#names.has(word));
    return [...new Set([...named, ...this.#matching(query)])];
  }

  #matching(query: string): readonly string[] {
    const asked = [...new Set(wordsOf(query))].slice(0, LONGEST_QUERY_WORDS);
    const weights = new Map(asked.flatMap((word) => [...wordsLike(word)].map((other) => [other, ALIKE_COUNTS])));
    for (const word of asked) weights.set(word, 1);
    const found = this.#index.search(query, {
      tokenize: () => [...weights.keys()],
      boost: BOOST,
      boostTerm: (word) => weights.get(word) ?? 1,
      prefix: (word) => word.length >= 4,
      fuzzy: (word) => (word.length >= 5 ? 0.2 : false),
      weights: { prefix: 0.3, fuzzy: 0.2 },
    });
    return found.map(({ id }) => id as string);
  }
}
