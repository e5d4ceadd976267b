import type { ListName } from "../../store/signals-port.ts";
import { LISTS, type LockedList, type LockedUpstream, nameIn } from "./locked.ts";

/** How one accepted form is another than the one before, by the server's names. */
export interface RenewedNames {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly gone: readonly string[];
  /** The lists of clients in which these stand. */
  readonly lists: readonly ListName[];
}

/** Compares two accepted forms by their hashes. */
export function renewedNames(before: LockedUpstream | undefined, after: LockedUpstream): RenewedNames {
  const added: string[] = [];
  const changed: string[] = [];
  const gone: string[] = [];
  const lists = new Set<ListName>();
  for (const list of LISTS) {
    const [was, is] = [hashesIn(list, before), hashesIn(list, after)];
    const news = [...is].filter(([name, sha256]) => was.get(name) !== sha256).map(([name]) => name);
    const left = [...was.keys()].filter((name) => !is.has(name));
    added.push(...news.filter((name) => !was.has(name)));
    changed.push(...news.filter((name) => was.has(name)));
    gone.push(...left);
    if (news.length + left.length > 0) lists.add(list === "resourceTemplates" ? "resources" : list);
  }
  return { added, changed, gone, lists: [...lists] };
}

function hashesIn(list: LockedList, locked: LockedUpstream | undefined): ReadonlyMap<string, string> {
  return new Map((locked?.[list] ?? []).map((item) => [nameIn(list, item), item.sha256]));
}
