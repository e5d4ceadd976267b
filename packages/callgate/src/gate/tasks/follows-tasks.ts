import type { AnyDomain } from "../../define/domain.ts";

const following = new WeakSet<AnyDomain>();

/** Makes the tools of a domain visible to whoever sees a tool whose work is long, and to nobody else. */
export function letFollowTasks(domain: AnyDomain): void {
  following.add(domain);
}

export function followsTasks(domain: AnyDomain): boolean {
  return following.has(domain);
}
