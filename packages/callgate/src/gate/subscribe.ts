import type { ChangeEvent, ErrorAnswer, Subscription, SubscriptionFilter } from "../wire/exchange.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import type { Call } from "./call.ts";
import { identify } from "./identify.ts";
import { leave, limitList } from "./limit.ts";
import { record } from "./record.ts";
import { membersEnding } from "./result-ending.ts";

type Sink = { emit(event: ChangeEvent): void; end(): void };

/** `subscriptions/listen`: a caller hears of changes to what it sees, and of nothing else. Opening one is on record. */
export async function openSubscription(
  call: Call,
  wanted: SubscriptionFilter,
  sink: Sink,
): Promise<Subscription | ErrorAnswer> {
  const ending = await record(
    call,
    async () =>
      (await identify(call)) ?? limitList(call) ?? membersEnding("", { value: undefined, resultText: undefined }),
  ).finally(() => leave(call));
  if (ending.answer.kind === "error") return ending.answer;
  if (call.gate.closing.aborted) {
    return rpcError(rpcCode.unavailable, "The gate is about to stop. Connect again.", {
      httpStatus: 503,
      httpHeaders: { "retry-after": "5" },
    });
  }
  const honoured = {
    ...wanted,
    resourceSubscriptions: wanted.resourceSubscriptions.filter((uri) => seesResource(call, uri)),
  };
  const stop = call.gate.events.subscribe((event) => {
    if (accepts(honoured, event)) sink.emit(event);
  });
  const end = (): void => sink.end();
  call.gate.closing.addEventListener("abort", end, { once: true });
  return {
    honoured,
    close: () => {
      stop();
      call.gate.closing.removeEventListener("abort", end);
    },
  };
}

function seesResource(call: Call, uri: string): boolean {
  const menu = call.gate.menus.of(call.subject, call.exchange.endpoint);
  return menu.resources.some((resource) => resource.values({ uri }) !== undefined);
}

function accepts(filter: SubscriptionFilter, { method, params }: ChangeEvent): boolean {
  switch (method) {
    case "notifications/tools/list_changed":
      return filter.toolsListChanged;
    case "notifications/prompts/list_changed":
      return filter.promptsListChanged;
    case "notifications/resources/list_changed":
      return filter.resourcesListChanged;
    default:
      return filter.resourceSubscriptions.includes(String(params["uri"]));
  }
}
