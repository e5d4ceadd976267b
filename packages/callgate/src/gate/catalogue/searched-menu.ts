import type { Effect } from "../../define/effect.ts";
import type { Call } from "../call/call.ts";
import type { Served, ServedTool } from "../served/served.ts";
import type { ToolListing } from "../served/tool-listing.ts";
import { calledThrough } from "./called-through.ts";
import { CALL_TOOL, type Catalogue } from "./catalogue-tools.ts";
import { searchAmong } from "./search-tools.ts";

/** A menu whose tools are searched: what it is made of. */
interface Searched {
  /** All that they see; `search_tools` is put among them once it is made. */
  readonly tools: ReadonlyMap<string, ServedTool>;
  readonly former: ReadonlyMap<string, ServedTool>;
  /** A tool as these subjects are shown it. */
  readonly listing: (tool: ServedTool) => ToolListing;
}

/** What of a menu is otherwise where its tools are searched. */
export interface SearchedMenu {
  /** `search_tools` over the tools of this menu. */
  readonly search: ServedTool;
  /** JSON text of what `tools/list` shows. */
  readonly listed: string;
  /** JSON text of all tools, for programs that ask for it. */
  all(): string;
  /**
   * What a call by `call_tool` calls: it goes on as a call of that tool. `call_tool` itself where it names none, so that
   * `check` says what is wrong; undefined where there is no such tool, or another tool calls.
   */
  find(call: Call): Served | undefined;
}

/** Prepares the menu of those who see more tools than are listed. */
export function searchedMenu(catalogue: Catalogue, { tools, former, listing }: Searched): SearchedMenu {
  const own = [...tools.values()];
  const calling: ServedTool = { ...catalogue.call, effect: gravest(own) };
  const search = searchAmong(catalogue, own, listing);
  const listed = [search, calling, ...own.filter(({ name }) => catalogue.pinned.has(name))].map(listing);
  let all: string | undefined;
  return {
    search,
    listed: JSON.stringify(listed),
    all: () => (all ??= JSON.stringify(own.map(listing))),
    find: (call) => {
      const { exchange, nested } = call;
      if (nested || exchange.method !== "tools/call" || exchange.params["name"] !== CALL_TOOL) return undefined;
      const within = calledThrough(exchange);
      if (within === undefined) return calling;
      call.exchange = within;
      const name = String(within.params["name"]);
      return tools.get(name) ?? former.get(name);
    },
  };
}

const GRAVITY: readonly Effect[] = ["read", "write", "destructive"];

/** What calling any of them may do at worst: clients ask their users by it. */
function gravest(tools: readonly ServedTool[]): Effect {
  return GRAVITY[Math.max(...tools.map(({ effect }) => GRAVITY.indexOf(effect)))] ?? "destructive";
}
