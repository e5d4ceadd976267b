import type { Finding } from "./compare-lock.ts";
import { LISTS, type LockedItem, type LockedUpstream, nameIn } from "./locked.ts";

/** What stands accepted once some of the findings are: the rest stays as it was accepted before. */
export function acceptFindings(
  accepted: LockedUpstream,
  now: LockedUpstream,
  findings: readonly Finding[],
): LockedUpstream {
  const { address, revision, server, instructions } = now;
  const merged = { address, revision, server, ...(instructions !== undefined && { instructions }) };
  const lists = LISTS.map((list) => {
    const items = new Map(accepted[list].map((item) => [nameIn(list, item), item]));
    const offered = new Map(now[list].map((item) => [nameIn(list, item), item]));
    for (const finding of findings.filter((each) => each.list === list)) {
      const item = offered.get(finding.name);
      if (item === undefined) items.delete(finding.name);
      else items.set(finding.name, item);
    }
    return [list, inOrder(items)] as const;
  });
  return { ...merged, ...Object.fromEntries(lists) } as LockedUpstream;
}

function inOrder(items: ReadonlyMap<string, LockedItem>): readonly LockedItem[] {
  return [...items].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
}

/** Nothing of a server, as where it has never been accepted, or stood at another address. */
export function nothingOf(now: LockedUpstream): LockedUpstream {
  return { ...now, tools: [], resources: [], resourceTemplates: [], prompts: [] };
}
