import type { ErrorAnswer, Subscription, SubscriptionFilter } from "../../wire/exchange.ts";
import { rpcCode, rpcError } from "../../wire/rpc-error.ts";
import { membersEnding } from "../answers/result-ending.ts";
import type { Call } from "../call/call.ts";
import { identify } from "../identify.ts";
import { leave, limitList, whoCalls } from "../limit.ts";
import { record } from "../record.ts";
import { knowsTasks } from "../tasks/knows-tasks.ts";
import { ownTask } from "../tasks/own-task.ts";
import { Listening, type Sink } from "./listening.ts";

/** Tasks that one stream tells of. */
const MOST_TASKS = 100;

/**
 * `subscriptions/listen`: a caller hears that lists have changed, and of changes to the resources that it sees, for as
 * long as its credential is good. Opening one is on record.
 */
export async function openSubscription(
  call: Call,
  wanted: SubscriptionFilter,
  sink: Sink,
): Promise<Subscription | ErrorAnswer> {
  const ending = await record(
    call,
    async () =>
      (await identify(call)) ??
      (await limitList(call)) ??
      membersEnding("", { value: undefined, resultText: undefined }),
  ).finally(() => leave(call));
  if (ending.answer.kind === "error") return ending.answer;
  const { events, closing } = call.gate;
  if (closing.aborted) {
    return rpcError(rpcCode.unavailable, "The gate is about to stop. Connect again.", {
      httpStatus: 503,
      httpHeaders: { "retry-after": "5" },
    });
  }
  const listening = new Listening(call, await withOwnTasks(call, wanted), {
    emit: (event) => sink.emit(event),
    end: () => {
      close();
      sink.end();
    },
  });
  const end = (): void => listening.end();
  const close = (): void => {
    events.unsubscribe(listening);
    closing.removeEventListener("abort", end);
    listening.leave();
  };
  events.subscribe(listening);
  closing.addEventListener("abort", end, { once: true });
  await listening.follow();
  listening.begin();
  return { honoured: listening.honoured, caller: whoCalls(call), close };
}

/** Those of the tasks that are this subject's, for a client that knows tasks: of all others nothing is heard (SECURITY 19). */
async function withOwnTasks(call: Call, { taskIds = [], ...wanted }: SubscriptionFilter): Promise<SubscriptionFilter> {
  if (taskIds.length === 0 || !knowsTasks(call)) return wanted;
  const found = await Promise.all(taskIds.slice(0, MOST_TASKS).map((id) => ownTask(call.gate, call.subject, id)));
  return { ...wanted, taskIds: found.filter((row) => row !== undefined).map(({ id }) => id) };
}
