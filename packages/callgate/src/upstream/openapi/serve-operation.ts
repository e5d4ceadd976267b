import type { CallContext, CommitContext } from "../../define/context.ts";
import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { Domain } from "../../define/domain.ts";
import type { JsonSchema } from "../../define/schema.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { pageOf, startOf } from "./answers/paging.ts";
import { toResult, unreadable } from "./answers/to-result.ts";
import type { ApiClient } from "./api-client.ts";
import { type ApiParts, type CompiledOperation, compileOperation } from "./compile-operation.ts";
import { type ExchangeRules, exchange } from "./exchange.ts";
import { lookupBy } from "./lookup.ts";
import type { OperationOptions, ServedOperation } from "./operation-options.ts";
import { planOf, type RequestPlan } from "./plan.ts";
import { refuseSuspicious } from "./refuse-suspicious.ts";
import { type ApiRequest, buildRequest } from "./requests/build-request.ts";
import { orStatus } from "./schemas/output-schema.ts";
import { descriptionOf, toolNameOf } from "./tool-words.ts";

/** The domain that operations are added to, and what they have in common. */
export interface Serving {
  readonly domain: Domain<ApiClient>;
  readonly api: ApiParts;
  readonly errors: OperationOptions["errors"];
}

/** Adds the tool of one operation to the domain; gives the tool's name. */
export function serveOperation(serving: Serving, name: string, served: ServedOperation): string {
  const place = { domain: serving.domain.name, setting: `serve.${name}` };
  if (served.effect === "read") return serveRead(serving, { name, served }, place);
  return serveWrite(serving, { name, served }, place);
}

interface Named<Served> {
  readonly name: string;
  readonly served: Served;
}

type ServedRead = Extract<ServedOperation, { effect: "read" }>;
type ServedWrite = Exclude<ServedOperation, { effect: "read" }>;

function serveRead(serving: Serving, { name, served }: Named<ServedRead>, place: DefinitionPlace): string {
  const { effect: _effect, page, changesNothing, ...options }: ServedRead = served;
  const compiled = compileOperation(serving.api, { name, options, paging: page }, place);
  const { method } = compiled.operation;
  if (method !== "GET" && method !== "HEAD" && changesNothing !== true) {
    throw new DefinitionError(
      place,
      `it is served as a read, and is a ${method}.`,
      "Serve it as a write; or, where it only looks, say so: changesNothing: true.",
    );
  }
  const tool = toolNameOf(compiled.operation, options, place);
  const rules = exchangeRules(serving, tool, options);
  serving.domain.read(tool, {
    ...declarationOf(compiled, options, place),
    run: (input, ctx) => look(compiled, rules, { input, ctx }),
  });
  return tool;
}

interface Looking {
  readonly input: JsonObject;
  readonly ctx: CallContext<ApiClient>;
}

async function look(compiled: CompiledOperation, rules: ExchangeRules, { input, ctx }: Looking): Promise<never> {
  const { shape, form, paging } = compiled;
  const start = paging && startOf(paging.paging, input["cursor"], paging.field.required);
  const page = paging === undefined || start === undefined ? undefined : ([paging.field, start] as const);
  const request = buildRequest(shape, input, { subject: ctx.subject, ...(page !== undefined && { page }) });
  const answer = await exchange(ctx, request, { ...rules, looks: true });
  const result = toResult(form, answer);
  if (result === undefined) throw unreadable(form, answer);
  // What it is in truth is for the output schema to judge.
  if (paging === undefined || typeof result !== "object" || result === null) return result as never;
  return { ...result, page: pageOf(paging.paging, answer, start) } as never;
}

function serveWrite(serving: Serving, { name, served }: Named<ServedWrite>, place: DefinitionPlace): string {
  const { effect, dryRun, lookup, recoverable, approval, repeat, ...options }: ServedWrite = served;
  const compiled = compileOperation(serving.api, { name, options, paging: undefined }, place);
  const tool = toolNameOf(compiled.operation, options, place);
  const rules = exchangeRules(serving, tool, options);
  if (dryRun?.body !== undefined && (compiled.shape.body === undefined || compiled.shape.body.kind === "text")) {
    const where = compiled.shape.body === undefined ? "it takes no body" : "its body is a text";
    throw new DefinitionError(place, `its \`dryRun\` has fields of a body, and ${where}.`, "Use `query` or `header`.");
  }
  const isDestructive = effect === "destructive" || (compiled.operation.method === "DELETE" && recoverable !== true);
  serving.domain[isDestructive ? "destructive" : "write"]<JsonSchema<JsonObject>, JsonSchema, RequestPlan>(tool, {
    ...declarationOf(compiled, options, place),
    plan: (input, ctx) => planOf({ compiled, rules, dryRun }, input, ctx),
    commit: (plan, ctx) => commit(compiled, rules, { request: plan.request, ctx }),
    ...(approval !== undefined && { approval }),
    ...(repeat !== undefined && { repeat }),
    ...(lookup !== undefined && { lookup: lookupBy({ api: serving.api, compiled, lookup, rules }, place) }),
  });
  return tool;
}

interface Committing {
  readonly request: ApiRequest;
  readonly ctx: CommitContext<ApiClient>;
}

/** An answer that is 2xx says that it took place, also where nothing else of it can be read. */
async function commit({ form }: CompiledOperation, rules: ExchangeRules, { request, ctx }: Committing): Promise<never> {
  const answer = await exchange(ctx, request, { ...rules, looks: false, key: ctx.idempotencyKey });
  return toResult(form, answer) as never;
}

function exchangeRules({ api, errors }: Serving, tool: string, options: OperationOptions): ExchangeRules {
  return {
    tool,
    idempotencyHeader: api.idempotencyHeader,
    errors: (answer) => options.errors?.(answer) ?? errors?.(answer),
  };
}

interface Declared extends Rules {
  readonly description: string;
  readonly input: JsonSchema<JsonObject>;
  readonly output: JsonSchema;
}

/** What a tool of an operation has, whatever its effect. */
function declarationOf(compiled: CompiledOperation, options: OperationOptions, place: DefinitionPlace): Declared {
  const { input, form, operation } = compiled;
  const description = descriptionOf(operation, options);
  const output = form.mayBeEmpty ? orStatus(form.output) : form.output;
  refuseSuspicious({ ...(options.description === undefined && { description }), input, output }, place);
  return { ...rulesOf(options), description, input, output };
}

/** What remains are rules of a call; the gate refuses what it does not know. */
function rulesOf(options: OperationOptions): Rules {
  const { as: _as, description: _words, omit: _omit, fixed: _fixed, rename: _rename, ...others } = options;
  const { input: _input, output: _output, pick: _pick, errors: _errors, ...rules } = others;
  return rules;
}

type Rules = Omit<OperationOptions, keyof OperationOnly | "description">;
type OperationOnly = Pick<
  OperationOptions,
  "as" | "omit" | "fixed" | "rename" | "input" | "output" | "pick" | "errors"
>;
