import type { ContentResult } from "../../define/content.ts";
import type { CallContext } from "../../define/context.ts";
import { type InputRequired, isInputRequired } from "../../define/input-required.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { UpstreamRules, UpstreamTool } from "../upstream-options.ts";
import { effectOf } from "./effect-of.ts";
import { needsTask } from "./needs-task.ts";
import { renameArguments } from "./renamed-arguments.ts";
import { servedName } from "./served-name.ts";
import type { ServerHandle } from "./server-handle.ts";
import { sharedApproval } from "./shared-approval.ts";
import { to2020 } from "./to-2020-12.ts";
import { toResult } from "./to-result.ts";

const DEFAULT_MOST_BYTES = 1_048_576;
const NO_PREVIEW = "This server cannot preview: these are the arguments that it would get.";

/** A server's tool as it was accepted, under the gate's rules. */
export function toTool(server: string, listed: JsonObject, rules: UpstreamRules): ToolDeclaration {
  const theirs = String(listed["name"]);
  const settings: UpstreamTool = rules.tools?.[theirs] ?? {};
  const effect = effectOf(listed, rules);
  const { schema: input, toTheirs } = renameArguments(inputOf(listed, settings.dryRunArgument));
  const ask = async (given: unknown, ctx: CallContext<unknown>): Promise<ContentResult | InputRequired> => {
    const params = { name: theirs, arguments: given as JsonObject };
    const handle = ctx.backend as ServerHandle;
    const result = await handle.request({ method: "tools/call", params, isWrite: effect !== "read" }, ctx);
    return isInputRequired(result) ? result : toResult(result, server);
  };
  const declared = {
    ...rulesOf(listed, settings, rules),
    name: servedName(theirs, settings, rules),
    input,
    ...(typeof listed["outputSchema"] === "object" && { output: to2020(listed["outputSchema"] as JsonObject) }),
  };
  if (effect === "read") return { ...declared, effect, run: (given, ctx) => ask(toTheirs(given as JsonObject), ctx) };
  const approval = settings.approval ?? sharedApproval(rules.approval);
  const shown = (given: JsonObject) => ({ action: declared.name, arguments: given, server });
  return {
    ...declared,
    effect,
    ...(approval !== undefined && { approval }),
    plan: async (given, ctx) => {
      const args = toTheirs(given as JsonObject);
      if (settings.dryRunArgument === undefined)
        return { preview: { ...shown(args), note: NO_PREVIEW }, arguments: args };
      // What the server only says that it would do is a read of it.
      const asked = {
        method: "tools/call",
        params: { name: theirs, arguments: { ...args, [settings.dryRunArgument]: true } },
        isPreview: true,
      } as const;
      const result = await (ctx.backend as ServerHandle).request(asked, ctx);
      if (isInputRequired(result)) return result;
      return { preview: { ...shown(args), says: saysIn(toResult(result, server)) }, arguments: args };
    },
    commit: (plan, ctx) => ask(plan["arguments"], ctx),
  };
}

function saysIn({ blocks, structured }: ContentResult): unknown {
  return structured ?? blocks.map((block) => block["text"] ?? `(${block.type})`);
}

const GATES_OWN: readonly (keyof UpstreamTool)[] = [
  "as",
  "effect",
  "hidden",
  "approval",
  "description",
  "dryRunArgument",
];
const SAID_APART = ["name", "title", "description", "inputSchema", "outputSchema", "execution"];

function rulesOf(listed: JsonObject, settings: UpstreamTool, rules: UpstreamRules) {
  const { scope, modes, maxResultBytes = DEFAULT_MOST_BYTES } = rules;
  const { longRunning = needsTask(listed) } = settings;
  // A deadline for calls says nothing of work that outlives them.
  const timeoutMs = longRunning === false ? rules.timeoutMs : undefined;
  const own = Object.entries(settings).filter(([name]) => !GATES_OWN.includes(name as keyof UpstreamTool));
  const others = Object.entries({ scope, modes, timeoutMs }).filter(([, value]) => value !== undefined);
  const listing = Object.fromEntries(Object.entries(listed).filter(([name]) => !SAID_APART.includes(name)));
  return {
    ...(typeof listed["title"] === "string" && { title: listed["title"] }),
    description: settings.description ?? textOf(listed["description"]),
    maxResultBytes,
    listing,
    longRunning,
    ...Object.fromEntries([...others, ...own]),
  };
}

/** A schema that says of no field that it is there takes any; one that names fields takes those alone, as every tool's does. */
function inputOf(listed: JsonObject, dryRunArgument: string | undefined): JsonObject {
  const schema = without(dryRunArgument, to2020((listed["inputSchema"] ?? { type: "object" }) as JsonObject));
  const isOpen = ["properties", "oneOf", "anyOf", "allOf", "$ref", "additionalProperties"].every(
    (keyword) => schema[keyword] === undefined,
  );
  return { type: "object", ...schema, ...(isOpen && { additionalProperties: true }) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The gate's own `dry_run` stands for it. */
function without(field: string | undefined, schema: JsonObject): JsonObject {
  if (field === undefined) return schema;
  const { [field]: _, ...properties } = (schema["properties"] ?? {}) as JsonObject;
  const required = Array.isArray(schema["required"]) ? schema["required"].filter((name) => name !== field) : [];
  return { ...schema, properties, required };
}
