import { maskedText } from "../../audit/mask.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { gateItself } from "../gate-subject.ts";
import { UpstreamError } from "../upstream-error.ts";
import { nonsense } from "./reply.ts";
import { whyUnheld } from "./why-unheld.ts";

const MOST_PAGES = 1_000;
const MOST_ITEMS = 20_000;
const MOST_OF_A_NAME = 100;
/** People read no more. */
const MOST_UNHELD = 100;

/** Something that a server lists and that cannot be held to anything, and why: it counts as not offered. */
export interface Unheld {
  readonly list: Kind;
  readonly name: string;
  readonly why: string;
}

/** What a server offers of each kind. */
export interface Lists {
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly unheld: readonly Unheld[];
}

type Kind = Exclude<keyof Lists, "unheld">;

export interface ListOptions {
  readonly name: string;
  readonly capabilities: JsonObject;
  readonly signal: AbortSignal;
  readonly ask: (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>;
}

/** Every list of a server at once, all pages; what it does not say that it has is empty. */
export async function listAll(options: ListOptions): Promise<Lists> {
  const { capabilities } = options;
  const none: Promise<readonly JsonObject[]> = Promise.resolve([]);
  const unheld: Unheld[] = [];
  const held = async (method: string, list: Kind): Promise<readonly JsonObject[]> => {
    const listed = await whole(options, method, list);
    return listed.filter((item) => {
      const why = whyUnheld(item);
      if (why !== undefined) unheld.push({ list, name: nameOf(item), why });
      return why === undefined;
    });
  };
  const [tools, resources, resourceTemplates, prompts] = await Promise.all([
    "tools" in capabilities ? held("tools/list", "tools") : none,
    "resources" in capabilities ? held("resources/list", "resources") : none,
    "resources" in capabilities ? held("resources/templates/list", "resourceTemplates") : none,
    "prompts" in capabilities ? held("prompts/list", "prompts") : none,
  ]);
  // Whichever list came first: what is the same as before is told once.
  const inOrder = unheld.toSorted((one, other) => one.list.localeCompare(other.list)).slice(0, MOST_UNHELD);
  return { tools, resources, resourceTemplates, prompts, unheld: inOrder };
}

/** What people are shown of it; where it has half a character, that is replaced. */
function nameOf({ name, uri, uriTemplate }: JsonObject): string {
  const said = [name, uri, uriTemplate].find((each) => typeof each === "string") ?? "(without a name)";
  return knownSecrets.maskStart(said, MOST_OF_A_NAME, maskedText).toWellFormed();
}

async function whole(options: ListOptions, method: string, member: Kind): Promise<readonly JsonObject[]> {
  const { name, signal, ask } = options;
  const items: JsonObject[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await ask(method, cursor === undefined ? {} : { cursor }, signal).catch((error: unknown) => {
      // Servers may have resources and no templates of them, or the reverse.
      if (cursor === undefined && isNotServed(error)) return { [member]: [] };
      throw error;
    });
    const found = page[member];
    if (!Array.isArray(found) || !found.every(isJsonObject)) throw nonsense(name, `answers ${method} without a list`);
    items.push(...found);
    const next = page["nextCursor"];
    cursor = typeof next === "string" ? next : undefined;
    if (cursor === undefined) return items;
    if (seen.has(cursor)) throw nonsense(name, `gives the same page of ${method} again and again`);
    seen.add(cursor);
  } while (seen.size < MOST_PAGES && items.length < MOST_ITEMS);
  throw nonsense(name, `has more in ${method} than is taken`);
}

function isNotServed(error: unknown): boolean {
  return (
    error instanceof UpstreamError && error.fault.kind === "refused" && error.fault.code === rpcCode.methodNotFound
  );
}

/** What a question of the gate itself has in common with no call. */
export const ofTheGate: { readonly subject: typeof gateItself; readonly during: () => void } = {
  subject: gateItself,
  during: () => {},
};
