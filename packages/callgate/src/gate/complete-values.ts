import type { Ending } from "./answers/ending.ts";
import { membersEnding } from "./answers/result-ending.ts";
import type { Call } from "./call/call.ts";
import { GateContext } from "./context/context.ts";
import { guarded } from "./run.ts";

const MOST_VALUES = 100;

/** Suggestions for an argument of a prompt or a variable of a template; MCP 2026-07-28, "Completion". */
export async function completeValues(call: Call): Promise<Ending> {
  const argument = call.exchange.params["argument"] as { name?: unknown; value?: unknown } | undefined;
  const { served } = call;
  const name = String(argument?.name);
  const complete = served.kind !== "tool" && Object.hasOwn(served.complete, name) ? served.complete[name] : undefined;
  const typed = typeof argument?.value === "string" ? argument.value : "";
  const found =
    complete === undefined
      ? []
      : await guarded(call, (stop) => complete(typed, new GateContext(call, "read", stop), chosenIn(call)));
  const values = Array.isArray(found) ? found.map(String) : [];
  const completion = {
    values: values.slice(0, MOST_VALUES),
    total: values.length,
    hasMore: values.length > MOST_VALUES,
  };
  const text = JSON.stringify(completion);
  return membersEnding(`"completion":${text}`, { value: completion, resultText: text });
}

/** What the client has put into the other arguments so far. */
function chosenIn({ exchange }: Call): Readonly<Record<string, string>> {
  const { arguments: given } = (exchange.params["context"] ?? {}) as { readonly arguments?: unknown };
  const texts = Object.entries(given ?? {}).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts) as Record<string, string>;
}
