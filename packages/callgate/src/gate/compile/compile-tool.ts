import { compileDemand } from "../../approvals/compile-demand.ts";
import { maskedFields } from "../../audit/masked-fields.ts";
import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import { scanParamHeaders } from "../../wire/param-headers.ts";
import type { ServedTool } from "../served/served.ts";
import type { ServedDomain } from "../served/served-domain.ts";
import { advertiseInput, type ServedFields, servedProperties } from "./advertise-input.ts";
import { advertiseOutput, pagedField } from "./advertise-output.ts";
import { type Building, callRulesOf, longRulesOf } from "./call-rules.ts";
import { contractHash } from "./contract-hash.ts";
import { flagsOf } from "./flags-of.ts";
import { type JsonSchemaObject, toJsonSchema } from "./json-schema.ts";
import { refuseOddDeprecation } from "./refuse-odd-deprecation.ts";
import { refuseOddRenames } from "./refuse-odd-renames.ts";
import { refuseUnusable } from "./refuse-unusable.ts";
import { toInputValidator, toValidator } from "./validator.ts";

/** A tool's name, words and schemas: all that is a server's, where it was not declared here. */
export interface ListedTool extends ToolSchemas {
  readonly declaration: ToolDeclaration;
  readonly domain: ServedDomain;
  readonly place: DefinitionPlace;
  readonly reason: ServedFields["reason"];
  readonly arguments: ServedTool["arguments"];
  readonly paramHeaders: ServedTool["paramHeaders"];
  readonly validators: Pick<ServedTool, "validateInput" | "validateOutput" | "include">;
}

/** Judges what a tool lists; what no client could be shown throws `DefinitionError`. */
export function compileListed(declaration: ToolDeclaration, domain: ServedDomain, building: Building): ListedTool {
  const place = { domain: domain.name, tool: declaration.name };
  refuseUnusable(declaration, place, domain.source === undefined ? "ours" : "theirs");
  const reason = reasonOf(domain, building);
  const schemas = schemasOf(declaration, { reason, isTheirs: domain.source !== undefined }, place);
  const { inputSchema, served, own } = schemas;
  return {
    ...schemas,
    declaration,
    domain,
    place,
    reason,
    arguments: argumentNames(inputSchema, servedProperties(served)),
    paramHeaders: paramHeadersOf(inputSchema, place),
    validators: {
      validateInput: toInputValidator(declaration.input, own.input),
      validateOutput: declaration.output && toValidator(declaration.output),
      include: new Map(Object.entries(declaration.include ?? {}).map(([name, schema]) => [name, toValidator(schema)])),
    },
  };
}

/** Builds what the gate serves of a listed tool, by the rules that it is declared with; those that cannot work throw `DefinitionError`. */
export function compileTool(listed: ListedTool, building: Building): ServedTool {
  const { declaration, domain, place, reason, served, validators, ...contract } = listed;
  const { inputSchema, arguments: names } = contract;
  refuseOddDeprecation(declaration, place);
  refuseOddRenames(declaration, names ?? new Set(Object.keys(propertiesOf(inputSchema))), place);
  return {
    kind: "tool",
    name: declaration.name,
    domain,
    declaration,
    effect: declaration.effect,
    title: declaration.title,
    description: declaration.description,
    scope: declaration.scope,
    modes: declaration.modes,
    kinds: declaration.kinds,
    flags: flagsOf(declaration, domain, { config: building.config, place }),
    ...callRulesOf(declaration, building, place),
    long: longRulesOf(declaration, place),
    followsTasks: building.followsTasks ?? false,
    ...contract,
    clientInputSchema: withoutField(inputSchema, declaration.accountField),
    servedArguments: new Set(Object.keys(servedProperties(served))),
    ...validators,
    approval: compileDemand(declaration, place, names),
    reasonRequired: reason === "required",
    accountField: declaration.accountField,
  };
}

/** Why is asked of models. The gate's own tools are called by commands and pages as well, which know of no reason but theirs. */
function reasonOf({ name }: ServedDomain, { config }: Building): ServedFields["reason"] {
  const { reason = "optional", domains } = config;
  const isOwn = domains.every((domain) => domain.name !== name);
  return isOwn && reason === "required" ? "optional" : reason;
}

interface ToolSchemas
  extends Pick<ServedTool, "inputSchema" | "outputSchema" | "own" | "contractHash" | "masked" | "page" | "sources"> {
  readonly served: ServedFields;
}

/** What a tool declares, and what is advertised of it once the gate has added its own fields. */
function schemasOf(
  declaration: ToolDeclaration,
  { reason, isTheirs }: { readonly reason: ServedFields["reason"]; readonly isTheirs: boolean },
  place: DefinitionPlace,
): ToolSchemas {
  const input = toJsonSchema(declaration.input, "input", place);
  refuseUnknownAccount(declaration, input, place);
  const output = declaration.output === undefined ? undefined : toJsonSchema(declaration.output, "output", place);
  const parts = Object.entries(declaration.include ?? {});
  const include = Object.fromEntries(parts.map(([name, schema]) => [name, toJsonSchema(schema, "output", place)]));
  const write = declaration.effect !== "read";
  const { longRunning = false } = declaration;
  // What another server answers goes on as it is.
  const page = write || isTheirs ? undefined : pagedField(output, propertiesOf(input));
  const served = { write, include: Object.keys(include), reason, cursor: page !== undefined };
  return {
    inputSchema: advertiseInput(input, served, place),
    outputSchema: output && advertiseOutput(output, { include, page, write, long: longRunning !== false }, place),
    own: { input, output, include },
    contractHash: contractHash({ name: declaration.name, effect: declaration.effect, input, output, include }),
    masked: new Set([...maskedFields(input), ...maskedFields(output ?? {}), ...maskedFields({ properties: include })]),
    served,
    page,
    sources: sourcesOf(input),
  };
}

function propertiesOf(schema: JsonSchemaObject): Record<string, JsonSchemaObject> {
  return (schema["properties"] ?? {}) as Record<string, JsonSchemaObject>;
}

/** Names that a call may use at the root, in any branch of a union; undefined where the schema is open. */
function argumentNames(
  advertised: JsonSchemaObject,
  served: Readonly<Record<string, unknown>>,
): ReadonlySet<string> | undefined {
  const branches = (advertised["oneOf"] ?? advertised["anyOf"] ?? [advertised]) as readonly JsonSchemaObject[];
  if (branches.some((branch) => branch["additionalProperties"] !== false)) return undefined;
  const names = branches.flatMap((branch) => Object.keys(propertiesOf(branch)));
  return new Set(names.filter((name) => !Object.hasOwn(served, name)));
}

/** A field that is not there would be filled in vain, and the known client would choose the real one. */
function refuseUnknownAccount(
  { accountField }: ToolDeclaration,
  input: JsonSchemaObject,
  place: DefinitionPlace,
): void {
  if (accountField === undefined || Object.hasOwn(propertiesOf(input), accountField)) return;
  throw new DefinitionError(
    place,
    `its accountField "${accountField}" is no field of its input.`,
    "Name the field of the input object that holds the account.",
  );
}

/** `from: "search_properties"` on an argument's schema: the tool whose result it is taken from. */
function sourcesOf(schema: JsonSchemaObject): ReadonlyMap<string, string> {
  const named = Object.entries(propertiesOf(schema)).filter(([, property]) => typeof property["from"] === "string");
  return new Map(named.map(([name, property]) => [name, String(property["from"])]));
}

/** An object's schema without one of its fields. */
export function withoutField(schema: JsonSchemaObject, field: string | undefined): JsonSchemaObject {
  if (field === undefined) return schema;
  const { [field]: _filled, ...properties } = propertiesOf(schema);
  const required = ((schema["required"] ?? []) as string[]).filter((name) => name !== field);
  return { ...schema, properties, required };
}

function paramHeadersOf(inputSchema: JsonSchemaObject, place: DefinitionPlace): ServedTool["paramHeaders"] {
  const scanned = scanParamHeaders(inputSchema);
  if (!scanned.ok) throw new DefinitionError(place, scanned.fault, "See MCP 2026-07-28, custom parameter headers.");
  return scanned.declarations;
}
