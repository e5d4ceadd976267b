import type { CallError } from "../../define/call-error.ts";
import type { CallContext } from "../../define/context.ts";
import { answerError } from "./answers/answer-error.ts";
import type { ApiAnswer } from "./answers/api-answer.ts";
import type { ApiClient } from "./api-client.ts";
import type { ApiRequest } from "./requests/build-request.ts";

/** How answers of one tool are taken. */
export interface ExchangeRules {
  readonly tool: string;
  readonly idempotencyHeader: string | undefined;
  readonly errors: (answer: ApiAnswer) => CallError | undefined;
}

interface Exchanging extends ExchangeRules {
  /** True: the request changes nothing. */
  readonly looks: boolean;
  readonly key?: string;
}

/** Sends a request of a call, recorded without its credential; gives an answer that is 2xx, and throws what any other means. */
export async function exchange(
  ctx: CallContext<ApiClient>,
  request: ApiRequest,
  rules: Exchanging,
): Promise<ApiAnswer> {
  const { tool, idempotencyHeader: header, key, looks } = rules;
  const { method, path, query, headers, body } = request;
  ctx.recordSent({
    method,
    url: `${ctx.backend.address.origin}${path}`,
    query: query === "" ? undefined : fieldsOf(query),
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    body: body?.value,
  });
  const answer = await ctx.backend.send(request, {
    subject: ctx.subject,
    tool,
    signal: ctx.signal,
    traceparent: ctx.trace.traceparent,
    looks,
    ...(header !== undefined && key !== undefined && { key: [header, key] as const }),
  });
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw rules.errors(answer) ?? answerError(answer, tool);
}

/** A name that is given more than once has a list of values. */
function fieldsOf(query: string): Record<string, unknown> {
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}
