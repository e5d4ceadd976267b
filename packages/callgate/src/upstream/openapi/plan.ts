import type { PlanContext } from "../../define/context.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { toResult } from "./answers/to-result.ts";
import type { ApiClient } from "./api-client.ts";
import type { CompiledOperation } from "./compile-operation.ts";
import { type ExchangeRules, exchange } from "./exchange.ts";
import type { DryRun, OperationPlan } from "./operation-options.ts";
import {
  type ApiRequest,
  buildRequest,
  ownValue,
  type RequestShape,
  templateWith,
  withBodyFields,
} from "./requests/build-request.ts";

/** A plan holds the very request that is sent if it is committed. */
export interface RequestPlan extends OperationPlan {
  readonly request: ApiRequest;
}

interface Planning {
  readonly compiled: CompiledOperation;
  readonly rules: ExchangeRules;
  readonly dryRun: DryRun | undefined;
}

/** What would be sent; and where the API has a dry run, what it says that it would do. */
export async function planOf(
  { compiled, rules, dryRun }: Planning,
  input: JsonObject,
  ctx: PlanContext<ApiClient>,
): Promise<RequestPlan> {
  const { shape, form } = compiled;
  const request = buildRequest(shape, input, { subject: ctx.subject });
  const preview = { action: rules.tool, request: requestPreview(shape, input) };
  if (dryRun === undefined) {
    return { preview: { ...preview, note: "This API cannot preview: the request is what would be sent." }, request };
  }
  // An API that does not know of dry runs would do it: it is never sent twice.
  const answer = await exchange(ctx, asDryRun(shape, request, dryRun), { ...rules, looks: false });
  const would = dryRun.show === undefined ? toResult(form, answer) : dryRun.show(answer.body);
  return { preview: { ...preview, would: would ?? null }, request };
}

/** The request in its parts, values as the caller gave them; of what the config puts in, names alone. */
function requestPreview(shape: RequestShape, input: JsonObject): JsonObject {
  const given = shape.served.filter(({ servedName }) => ownValue(input, servedName) !== undefined);
  const valuesAt = (place: string): JsonObject | undefined => {
    const entries = given
      .filter((field) => field.place === place)
      .map((field) => [field.name, ownValue(input, field.servedName)]);
    return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonObject);
  };
  const content = given.find(({ place }) => place === "content");
  const parts = {
    method: shape.method,
    path: templateWith(shape, input),
    query: valuesAt("query"),
    headers: valuesAt("header"),
    cookies: valuesAt("cookie"),
    body: content === undefined ? valuesAt("body") : input[content.servedName],
    set_by_the_gate: shape.fixed.length === 0 ? undefined : shape.fixed.map(({ name }) => name),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function asDryRun(shape: RequestShape, request: ApiRequest, { query = {}, header = {}, body }: DryRun): ApiRequest {
  const added = new URLSearchParams(query).toString();
  const headers = Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...(body === undefined ? request : withBodyFields(shape, request, body)),
    query: [request.query, added].filter((part) => part !== "").join("&"),
    headers: { ...request.headers, ...Object.fromEntries(headers) },
  };
}
