import type { Effect } from "../../define/effect.ts";
import type { Call } from "../call/call.ts";
import type { Served, ServedTool } from "../served/served.ts";
import type { ToolListing } from "../served/tool-listing.ts";
import { calledThrough } from "./called-through.ts";
import { CALL_TOOL, type Catalogue, SEARCH_TOOLS } from "./catalogue-tools.ts";
import { searchAmong } from "./search-tools.ts";

/** A menu whose tools may be searched: what it is made of. */
interface Searched {
  readonly tools: ReadonlyMap<string, ServedTool>;
  readonly former: ReadonlyMap<string, ServedTool>;
  /** A tool as these subjects are shown it. */
  readonly listing: (tool: ServedTool) => ToolListing;
  /** JSON text of tools as they are shown. */
  readonly list: (tools: Iterable<ServedTool>) => string;
}

/**
 * What of a menu is otherwise where its tools may be searched. Those who see few are listed them all, and both tools answer
 * them none the less: a conversation may have begun when there were more.
 */
export interface SearchedMenu {
  /** JSON text of what `tools/list` shows. */
  readonly listed: string;
  /** JSON text of all tools, for programs that ask for it. */
  all(): string;
  /**
   * `search_tools` over the tools of this menu; and what a call by `call_tool` calls, which goes on as a call of that tool.
   * `call_tool` itself where it names none, so that `check` says what is wrong; undefined where there is no such tool, or
   * another tool calls.
   */
  find(call: Call): Served | undefined;
}

/** Prepares what those are shown who search where they see more tools than are listed. */
export function searchedMenu(catalogue: Catalogue, { tools, former, listing, list }: Searched): SearchedMenu {
  const own = [...tools.values()];
  const calling: ServedTool = { ...catalogue.call, effect: gravest(own) };
  const search = searchAmong(catalogue, own, listing);
  const pinned = own.filter(({ name }) => catalogue.pinned.has(name));
  let whole: string | undefined;
  const all = (): string => (whole ??= list(own));
  return {
    listed: own.length > catalogue.searchAbove ? list([search, calling, ...pinned]) : all(),
    all,
    find: (call) => {
      const { exchange, nested } = call;
      if (nested || exchange.method !== "tools/call") return undefined;
      if (exchange.params["name"] === SEARCH_TOOLS) return search;
      if (exchange.params["name"] !== CALL_TOOL) return undefined;
      const within = calledThrough(exchange);
      if (within === undefined) return calling;
      call.exchange = within;
      const name = String(within.params["name"]);
      return name === SEARCH_TOOLS ? search : (tools.get(name) ?? former.get(name));
    },
  };
}

const GRAVITY: readonly Effect[] = ["read", "write", "destructive"];

/** What calling any of them may do at worst: clients ask their users by it. */
function gravest(tools: readonly ServedTool[]): Effect {
  return GRAVITY[Math.max(...tools.map(({ effect }) => GRAVITY.indexOf(effect)))] ?? "destructive";
}
