import type { Dispatcher } from "undici";
import { guardedConnector } from "./guarded-connector.ts";
import type { WrittenBy } from "./may-reach.ts";

type Agents = Readonly<Record<WrittenBy, Pick<Dispatcher, "dispatch">>>;

/** What `fetch` takes: on Node a dispatcher too, of which programs that have the types of browsers do not know. */
export type FetchInit = RequestInit & { readonly dispatcher?: unknown };

let agents: Promise<Agents> | undefined;

/**
 * `fetch` that connects only to what whoever wrote the address may lead to, and to no other origin that an answer
 * redirects to unless all the world reaches that. Rejects as `fetch` does, with a `BlockedAddressError` as the cause. A
 * process that has a global dispatcher of its own, e.g. a proxy, reaches the network by that, and that decides.
 */
export async function guardedFetch(
  input: Request | URL | string,
  init: FetchInit | undefined,
  writtenBy: WrittenBy,
): Promise<Response> {
  if (init?.dispatcher !== undefined || hasOwnDispatcher()) return fetch(input, init);
  agents ??= createAgents();
  const all = await agents;
  const { origin } = new URL(input instanceof Request ? input.url : input);
  // Of a dispatcher `fetch` uses nothing else.
  const dispatcher: Pick<Dispatcher, "dispatch"> = {
    dispatch: (options, handler) =>
      all[String(options.origin) === origin ? writtenBy : "outside"].dispatch(options, handler),
  };
  const guarded: FetchInit = { ...init, dispatcher: dispatcher as never };
  return fetch(input, guarded);
}

async function createAgents(): Promise<Agents> {
  // Loading takes 80 ms, which nobody waits for who fetches nothing.
  const { Agent, buildConnector, Dispatcher1Wrapper } = await import("undici");
  // Node's own `fetch` speaks to an earlier kind of dispatcher.
  const toAgent = (writtenBy: WrittenBy): Pick<Dispatcher, "dispatch"> =>
    new Dispatcher1Wrapper(new Agent({ connect: guardedConnector(writtenBy, { build: buildConnector }) }));
  return { config: toAgent("config"), code: toAgent("code"), outside: toAgent("outside") };
}

/** Node has an `Agent` unless it was told otherwise, by `NODE_USE_ENV_PROXY` or by `setGlobalDispatcher`. */
function hasOwnDispatcher(): boolean {
  const found = globalThis as {
    readonly [key: symbol]: { readonly constructor: { readonly name: string } } | undefined;
  };
  const dispatcher = found[Symbol.for("undici.globalDispatcher.2")] ?? found[Symbol.for("undici.globalDispatcher.1")];
  return dispatcher !== undefined && !["Agent", "Dispatcher1Wrapper"].includes(dispatcher.constructor.name);
}
