import { sha256Hex, toCanonicalJson } from "../../ledger/digest.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { Address } from "../address.ts";
import type { Discovery } from "../connection.ts";

/** The lists of a server, by their names in a discovery. */
export const LISTS = ["tools", "resources", "resourceTemplates", "prompts"] as const;
export type LockedList = (typeof LISTS)[number];

/** One thing as the server's list showed it when it was accepted, every field kept. */
export interface LockedItem {
  /** SHA-256 over its canonical JSON (RFC 8785). */
  readonly sha256: string;
  readonly listed: JsonObject;
}

/** What was accepted of one server. */
export interface LockedUpstream {
  readonly address: Address;
  /** The revision that was spoken with it. */
  readonly revision: string;
  /** The name that it gives itself. */
  readonly server: string;
  readonly instructions?: string;
  readonly tools: readonly LockedItem[];
  readonly resources: readonly LockedItem[];
  readonly resourceTemplates: readonly LockedItem[];
  readonly prompts: readonly LockedItem[];
}

/** What a server offers now, in the form in which it is accepted. */
export function toLocked(discovery: Omit<Discovery, "unheld">, address: Address): LockedUpstream {
  const { revision, server, instructions } = discovery;
  return {
    address,
    revision,
    server: typeof server["name"] === "string" ? server["name"] : "",
    ...(instructions !== undefined && { instructions }),
    tools: lock(discovery.tools, "tools"),
    resources: lock(discovery.resources, "resources"),
    resourceTemplates: lock(discovery.resourceTemplates, "resourceTemplates"),
    prompts: lock(discovery.prompts, "prompts"),
  };
}

function lock(listed: readonly JsonObject[], list: LockedList): readonly LockedItem[] {
  const items = listed.map((entry) => ({ sha256: hashOf(entry), listed: entry }));
  // A server that lists a name twice would be held to one of the two by chance: to the first, as it answers by it.
  const byName = new Map(items.toReversed().map((item) => [nameIn(list, item), item]));
  return [...byName].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
}

export function hashOf(entry: JsonObject): string {
  return sha256Hex(toCanonicalJson(entry));
}

const NAMED_BY: Readonly<Record<LockedList, string>> = {
  tools: "name",
  resources: "uri",
  resourceTemplates: "uriTemplate",
  prompts: "name",
};

/** By what an item of a list is known and called: name, address or template. */
export function nameIn(list: LockedList, { listed }: Pick<LockedItem, "listed">): string {
  return String(listed[NAMED_BY[list]]);
}
