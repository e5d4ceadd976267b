import MiniSearch from "minisearch";
import { type SearchedTool, ToolIndex } from "../../packages/callgate/src/gate/catalogue/tool-index.ts";
import { wordsOf } from "../../packages/callgate/src/gate/catalogue/words.ts";

/** A way to find tools: gives names, best first. */
export type Search = (query: string) => readonly string[];

/** A way to find tools, by its name in tables. */
export interface Way {
  readonly says: string;
  readonly over: (tools: readonly SearchedTool[]) => Promise<Search>;
}

/** What the gate does. */
export const own: Way = {
  says: "Callgate's search",
  over: async (tools) => {
    const index = await ToolIndex.of(tools);
    return (query) => index.search(query);
  },
};

/** How often the words of a query stand in a text, as anybody would write it in five lines. */
function bySubstring(says: string, textOf: (tool: SearchedTool) => string): Way {
  return {
    says,
    over: (tools) => {
      const texts = tools.map((tool) => ({ name: tool.name, text: textOf(tool).toLowerCase() }));
      return Promise.resolve((query) => {
        const words = query
          .toLowerCase()
          .split(/\W+/)
          .filter((word) => word.length > 2);
        const scored = texts.map(({ name, text }) => ({
          name,
          score: words.filter((word) => text.includes(word)).length,
        }));
        return scored
          .filter(({ score }) => score > 0)
          .toSorted((left, right) => right.score - left.score)
          .map(({ name }) => name);
      });
    },
  };
}

function byMiniSearch(says: string, tokenize?: (text: string) => string[]): Way {
  return {
    says,
    over: (tools) => {
      const fields = ["name", "description", "domain", "arguments"];
      const index = new MiniSearch<SearchedTool>({ idField: "name", fields, ...(tokenize && { tokenize }) });
      index.addAll(tools);
      return Promise.resolve((query) => index.search(query).map(({ id }) => id as string));
    },
  };
}

/** What it is held against, plainest first. */
export const others: readonly Way[] = [
  bySubstring("words in the name", ({ name }) => name),
  bySubstring("words in name and description", ({ name, description }) => `${name} ${description}`),
  byMiniSearch("MiniSearch as it comes"),
  byMiniSearch("MiniSearch, names taken apart, endings off", wordsOf),
];
