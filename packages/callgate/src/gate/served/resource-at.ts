import type { ServedReadable } from "./served.ts";

/** What somebody who is shown some of all resources reads at an address. */
export type ResourceAt = (uri: string) => ServedReadable | undefined;

/**
 * SECURITY 22: what a domain lists at an address is read there, whatever template would take it in too; who is not shown
 * it reads nothing of another domain there.
 */
export function resourceFinder(shown: readonly ServedReadable[], all: readonly ServedReadable[]): ResourceAt {
  const seen = new Set(shown);
  const templates = shown.filter(({ isTemplate }) => isTemplate);
  const listed = new Map(all.flatMap((each) => (each.isTemplate ? [] : [[each.name, each] as const])));
  return (uri) => {
    const own = listed.get(uri);
    if (own !== undefined && seen.has(own)) return own;
    return templates.find(
      (each) => (own === undefined || own.domain === each.domain) && each.values({ uri }) !== undefined,
    );
  };
}
