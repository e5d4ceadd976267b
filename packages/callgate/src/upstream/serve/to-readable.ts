import { isCallError } from "../../define/call-error.ts";
import type { CallContext } from "../../define/context.ts";
import { type InputRequired, isInputRequired } from "../../define/input-required.ts";
import type {
  PromptDeclaration,
  PromptMessage,
  PromptResult,
  ResourceContent,
  ResourceDeclaration,
  ResourceResult,
} from "../../define/resource.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { leadsElsewhere } from "../leads-elsewhere.ts";
import { rulesMatching } from "../lock/suspicious-text.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { UpstreamRules } from "../upstream-options.ts";
import { servedName } from "./served-name.ts";
import type { ServerHandle } from "./server-handle.ts";
import { labelled, withoutOurs } from "./server-meta.ts";
import { seen } from "./server-words.ts";

const DEFAULT_MOST_BYTES = 1_048_576;
/** The gate tells a hundred, and says how many more there are. */
const MOST_SUGGESTIONS = 1_000;
const VARIABLE = /\{([A-Za-z0-9_]+)\}/g;
/** What a server says that has nothing at an address; -32002 before 2026. */
const NOT_THERE: ReadonlySet<number | undefined> = new Set([-32_002, -32_602]);

type Ctx = CallContext<ServerHandle>;

/** A resource, or template of some, as it was accepted. */
export function toResource(
  server: string,
  listed: JsonObject,
  rules: UpstreamRules,
): ResourceDeclaration<ServerHandle> {
  const { uri, uriTemplate, name, title, description, mimeType, ...listing } = listed;
  const address = String(uri ?? uriTemplate);
  const variables = [...address.matchAll(VARIABLE)].map(([, variable]) => String(variable));
  const complete = variables.map((variable) => [
    variable,
    (typed: string, ctx: Ctx, chosen: Readonly<Record<string, string>>) =>
      suggestions({ ref: { type: "ref/resource", uri: address }, name: variable, typed, chosen }, ctx),
  ]);
  return {
    ...common(rules),
    ...texts({ title, description, mimeType }),
    name: typeof name === "string" ? name : address,
    uri: address,
    listing,
    ...(uriTemplate !== undefined && { complete: Object.fromEntries(complete) }),
    read: (values, ctx) =>
      Object.values(values).some(leadsElsewhere)
        ? undefined
        : read(
            server,
            address.replaceAll(VARIABLE, (_, variable) => encodeURIComponent(String(values[variable]))),
            ctx,
          ),
  };
}

async function read(server: string, uri: string, ctx: Ctx): Promise<ResourceResult | InputRequired | undefined> {
  try {
    const result = await ctx.backend.request({ method: "resources/read", params: { uri } }, ctx);
    if (isInputRequired(result)) return result;
    const contents = result["contents"] as readonly ResourceContent[];
    // Whatever else it is, the gate refuses.
    if (!Array.isArray(contents)) return { contents, meta: labelled(result, server, []) };
    return { contents: withoutOurs(contents), meta: labelled(result, server, contents) };
  } catch (error) {
    if (NOT_THERE.has(refusalOf(error))) return undefined;
    throw error;
  }
}

/** The code with which the server itself said no. */
function refusalOf(error: unknown): number | undefined {
  const { cause } = isCallError(error) ? error : {};
  return cause instanceof UpstreamError && cause.fault.kind === "refused" ? cause.fault.code : undefined;
}

interface ListedArgument {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
}

/** A prompt as it was accepted. */
export function toPrompt(server: string, listed: JsonObject, rules: UpstreamRules): PromptDeclaration<ServerHandle> {
  const { name, title, description, arguments: given, ...listing } = listed;
  const theirs = String(name);
  const declared = Array.isArray(given) ? (given as readonly ListedArgument[]) : [];
  const args = declared.map(({ name: argument, description: words, required }) => [
    argument,
    {
      ...texts({ description: words }),
      ...(required === true && { required }),
      complete: (typed: string, ctx: Ctx, chosen: Readonly<Record<string, string>>) =>
        suggestions({ ref: { type: "ref/prompt", name: theirs }, name: argument, typed, chosen }, ctx),
    },
  ]);
  return {
    ...common(rules),
    ...texts({ title, description }),
    name: servedName(theirs, {}, rules),
    listing,
    arguments: Object.fromEntries(args),
    get: async (values, ctx) => {
      const result = await ctx.backend.request(
        { method: "prompts/get", params: { name: theirs, arguments: values } },
        ctx,
      );
      return isInputRequired(result) ? result : toPromptResult(server, result);
    },
  };
}

function toPromptResult(server: string, result: JsonObject): PromptResult {
  const messages = result["messages"] as readonly PromptMessage[];
  const blocks = Array.isArray(messages) ? messages.map((message) => (message as PromptMessage | null)?.content) : [];
  return {
    messages: Array.isArray(messages) ? withoutOurs(messages) : messages,
    ...texts({ description: result["description"] }),
    meta: labelled(result, server, blocks),
  };
}

interface Completing {
  readonly ref: JsonObject;
  readonly name: string;
  readonly typed: string;
  readonly chosen: Readonly<Record<string, string>>;
}

/**
 * A server that suggests nothing, as many do, has no suggestions. They are given back as they stand, and have no room for a
 * label: of those that a rule matches, or whose letters are not all seen, none is told.
 */
async function suggestions({ ref, name, typed, chosen }: Completing, ctx: Ctx): Promise<readonly string[]> {
  const context = Object.keys(chosen).length > 0 ? { context: { arguments: chosen } } : {};
  const params = { ref, argument: { name, value: typed }, ...context };
  try {
    const result = await ctx.backend.request({ method: "completion/complete", params }, ctx);
    const { values } = ((isInputRequired(result) ? {} : result["completion"]) ?? {}) as { readonly values?: unknown };
    return Array.isArray(values) ? values.slice(0, MOST_SUGGESTIONS).filter(isHarmless) : [];
  } catch (error) {
    if (refusalOf(error) !== undefined) return [];
    throw error;
  }
}

function isHarmless(value: unknown): value is string {
  return typeof value === "string" && seen(value) === value && rulesMatching([value]).length === 0;
}

function common({ scope, modes, timeoutMs, maxResultBytes = DEFAULT_MOST_BYTES }: UpstreamRules) {
  return {
    maxResultBytes,
    ...(scope !== undefined && { scope }),
    ...(modes !== undefined && { modes }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

/** A member that is no text would not be one in a list either. */
function texts<Name extends string>(fields: Record<Name, unknown>): Partial<Record<Name, string>> {
  const given = Object.entries(fields).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(given) as Partial<Record<Name, string>>;
}
