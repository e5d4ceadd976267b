import type { AnyDomain } from "../../define/domain.ts";

const made = new WeakSet<AnyDomain>();

/** Remembers of a domain that it was made of an API's description. */
export function markOpenApi(domain: AnyDomain): AnyDomain {
  made.add(domain);
  return domain;
}

/** Whether a domain was made of an API's description: its schemas and words stand there. */
export function isOpenApi(domain: AnyDomain): boolean {
  return made.has(domain);
}
