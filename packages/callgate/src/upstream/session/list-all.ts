import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { gateItself } from "../gate-subject.ts";
import { UpstreamError } from "../upstream-error.ts";
import { nonsense } from "./reply.ts";

const MOST_PAGES = 1_000;
const MOST_ITEMS = 20_000;

/** What a server offers of each kind. */
export interface Lists {
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
}

export interface ListOptions {
  readonly name: string;
  readonly capabilities: JsonObject;
  readonly signal: AbortSignal;
  readonly ask: (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>;
}

/** Every list of a server at once, all pages; what it does not say that it has is empty. */
export async function listAll(options: ListOptions): Promise<Lists> {
  const { capabilities } = options;
  const none = Promise.resolve<readonly JsonObject[]>([]);
  const [tools, resources, resourceTemplates, prompts] = await Promise.all([
    "tools" in capabilities ? list(options, "tools/list", "tools") : none,
    "resources" in capabilities ? list(options, "resources/list", "resources") : none,
    "resources" in capabilities ? list(options, "resources/templates/list", "resourceTemplates") : none,
    "prompts" in capabilities ? list(options, "prompts/list", "prompts") : none,
  ]);
  return { tools, resources, resourceTemplates, prompts };
}

async function list(options: ListOptions, method: string, member: string): Promise<readonly JsonObject[]> {
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
