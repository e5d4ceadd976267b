import type { CommitContext } from "../../define/context.ts";
import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { answerError } from "./answers/answer-error.ts";
import { fromBody } from "./answers/to-result.ts";
import type { ApiClient } from "./api-client.ts";
import { type ApiParts, type CompiledOperation, requestParts } from "./compile-operation.ts";
import type { ExchangeRules } from "./exchange.ts";
import type { LookupOperation } from "./operation-options.ts";
import { requestOf } from "./requests/build-request.ts";
import { findField } from "./requests/served-fields.ts";

interface Lookup {
  readonly api: ApiParts;
  readonly compiled: CompiledOperation;
  readonly lookup: LookupOperation;
  readonly rules: ExchangeRules;
}

/** Asks the API by the write's key whether it took place: what it has nothing of (404) did not. */
export function lookupBy(
  { api, compiled, lookup, rules }: Lookup,
  place: DefinitionPlace,
): (key: string, ctx: CommitContext<ApiClient>) => Promise<never> {
  const { operation, template, fields } = requestParts(api, lookup.operation, place);
  if (operation.method !== "GET") {
    throw new DefinitionError(place, `its lookup is a ${operation.method}.`, "Name an operation that only looks.");
  }
  return async (key, ctx) => {
    const values = Object.entries(lookup.with(key)).map(
      ([name, value]) => [findField(fields.fields, name, { setting: "lookup", place }), value] as const,
    );
    const request = requestOf({ method: operation.method, template, body: undefined }, values);
    const { subject, signal, trace } = ctx;
    const answer = await ctx.backend.send(request, {
      subject,
      signal,
      traceparent: trace.traceparent,
      tool: rules.tool,
      looks: true,
    });
    if (answer.status === 404) return undefined as never;
    if (answer.status < 200 || answer.status >= 300) throw answerError(answer, rules.tool);
    const found = lookup.found === undefined ? answer.body : lookup.found(answer.body);
    if (found === undefined) return undefined as never;
    return (compiled.form.shape === "status" ? { status: answer.status } : fromBody(compiled.form, found)) as never;
  };
}
