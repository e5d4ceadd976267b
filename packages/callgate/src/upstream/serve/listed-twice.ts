import { type LockedItem, type LockedUpstream, nameIn } from "../lock/locked.ts";

/**
 * Some servers list a resource among their templates too, or one template under two names of its variable. An address is
 * read in one way: as the resource, else by the first template. Says of the others why they are not served.
 */
export function listedTwice(accepted: LockedUpstream): (item: LockedItem) => string | undefined {
  const first = new Map<string, string>();
  const why = new Map<LockedItem, string>();
  for (const list of ["resources", "resourceTemplates"] as const) {
    for (const item of accepted[list]) {
      const name = nameIn(list, item);
      const address = name.replaceAll(/\{[A-Za-z0-9_]+\}/g, "{}");
      const other = first.get(address);
      if (other === undefined) first.set(address, name);
      else why.set(item, `the server lists its address as "${other}" too, which is served`);
    }
  }
  return (item) => why.get(item);
}
