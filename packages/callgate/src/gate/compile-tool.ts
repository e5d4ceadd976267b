import { maskedFields } from "../audit/masked-fields.ts";
import { DefinitionError } from "../define/definition-error.ts";
import type { GateConfig } from "../define/gate-config.ts";
import type { ApprovalLevel, ToolDeclaration } from "../define/tool.ts";
import { sha256Hex, toCanonicalJson } from "../ledger/digest.ts";
import { scanParamHeaders } from "../wire/param-headers.ts";
import { advertiseInput, type ServedFields, servedProperties } from "./advertise-input.ts";
import { advertiseOutput, pagedField } from "./advertise-output.ts";
import type { ServedDomain } from "./domains.ts";
import { type JsonSchemaObject, toJsonSchema } from "./json-schema.ts";
import { Concurrency, RateLimit } from "./limit.ts";
import type { ServedTool } from "./served.ts";
import { toValidator } from "./validator.ts";

const TOOL_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_RATE = "600/min";
const DEFAULT_MAX_RESULT_BYTES = 65_536;

/** Builds what the gate serves from what was declared; whatever cannot work throws `DefinitionError`. */
export function compileTool(
  declaration: ToolDeclaration,
  domain: ServedDomain,
  { config, clock }: { config: GateConfig; clock: () => number },
): ServedTool {
  const place = { domain: domain.name, tool: declaration.name };
  refuseUnusable(declaration, place);
  const ownInput = toJsonSchema(declaration.input, "input", place);
  const ownOutput = declaration.output === undefined ? undefined : toJsonSchema(declaration.output, "output", place);
  const include = Object.entries(declaration.include ?? {});
  const page = pagedField(ownOutput, propertiesOf(ownInput));
  const write = declaration.effect !== "read";
  const reason = config.reason ?? "optional";
  const served: ServedFields = {
    write,
    include: include.map(([name]) => name),
    reason,
    cursor: page !== undefined && !write,
  };
  const inputSchema = advertiseInput(ownInput, served, place);
  const includeSchemas = Object.fromEntries(
    include.map(([name, schema]) => [name, toJsonSchema(schema, "output", place)]),
  );
  const outputSchema =
    ownOutput &&
    advertiseOutput(ownOutput, { include: includeSchemas, page: served.cursor ? page : undefined, write }, place);
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
    timeoutMs: declaration.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    limits: {
      rate: rateOf(declaration, { config, clock }, place),
      concurrency: declaration.concurrency === undefined ? undefined : new Concurrency(declaration.concurrency),
    },
    masked: new Set([
      ...maskedFields(ownInput),
      ...maskedFields(ownOutput ?? {}),
      ...maskedFields({ properties: includeSchemas }),
    ]),
    inputSchema,
    clientInputSchema: withoutField(inputSchema, declaration.accountField),
    outputSchema,
    contractHash: sha256Hex(
      toCanonicalJson({
        name: declaration.name,
        effect: declaration.effect,
        inputSchema,
        outputSchema: outputSchema ?? null,
      }),
    ),
    arguments: argumentNames(ownInput, inputSchema),
    servedArguments: new Set(Object.keys(servedProperties(served))),
    sources: sourcesOf(ownInput),
    validateInput: toValidator(declaration.input),
    validateOutput: declaration.output && toValidator(declaration.output),
    include: new Map(include.map(([name, schema]) => [name, toValidator(schema)])),
    page: served.cursor ? page : undefined,
    maxResultBytes: declaration.maxResultBytes ?? DEFAULT_MAX_RESULT_BYTES,
    approval: approvalOf(declaration),
    reasonRequired: reason === "required",
    accountField: declaration.accountField,
    paramHeaders: paramHeadersOf(inputSchema, place),
  };
}

interface Place {
  readonly domain: string;
  readonly tool: string;
}

function refuseUnusable(declaration: ToolDeclaration, place: Place): void {
  if (!TOOL_NAME.test(declaration.name)) {
    throw new DefinitionError(
      place,
      "its name will not do.",
      "Use lower-case letters, digits and underscores, verb first: find_bookings.",
    );
  }
  if (typeof declaration.description !== "string" || declaration.description.trim().length < 10) {
    throw new DefinitionError(
      place,
      "it has no description.",
      "Say what it does, when to use it and what it gives: a model chooses by that.",
    );
  }
  if (declaration.input === undefined) {
    throw new DefinitionError(place, "it has no input schema.", "Declare one, if only z.object({}).");
  }
  if (declaration.include !== undefined && declaration.output === undefined) {
    throw new DefinitionError(
      place,
      "it has optional parts but no output.",
      "Declare `output`, which the parts are added to.",
    );
  }
  const needed = declaration.effect === "read" ? (["run"] as const) : (["plan", "commit"] as const);
  for (const name of needed) {
    if (typeof (declaration as unknown as Record<string, unknown>)[name] !== "function") {
      throw new DefinitionError(place, `it is a ${declaration.effect} without \`${name}\`.`, `Add ${name}(…).`);
    }
  }
}

function propertiesOf(schema: JsonSchemaObject): Record<string, JsonSchemaObject> {
  return (schema["properties"] ?? {}) as Record<string, JsonSchemaObject>;
}

/** Names that a call may use at the root; undefined where the schema is open or a union, which checks for itself. */
function argumentNames(own: JsonSchemaObject, advertised: JsonSchemaObject): ReadonlySet<string> | undefined {
  if (advertised["additionalProperties"] !== false) return undefined;
  return new Set(Object.keys(propertiesOf(own)));
}

/** `from: "search_properties"` on an argument's schema: the tool whose result it is taken from. */
function sourcesOf(schema: JsonSchemaObject): ReadonlyMap<string, string> {
  const named = Object.entries(propertiesOf(schema)).filter(([, property]) => typeof property["from"] === "string");
  return new Map(named.map(([name, property]) => [name, String(property["from"])]));
}

function withoutField(schema: JsonSchemaObject, field: string | undefined): JsonSchemaObject {
  if (field === undefined) return schema;
  const { [field]: _filled, ...properties } = propertiesOf(schema);
  const required = ((schema["required"] ?? []) as string[]).filter((name) => name !== field);
  return { ...schema, properties, required };
}

function rateOf(
  declaration: ToolDeclaration,
  { config, clock }: { config: GateConfig; clock: () => number },
  place: Place,
): RateLimit {
  try {
    return new RateLimit(declaration.rate ?? config.limits?.rate ?? DEFAULT_RATE, clock);
  } catch (error) {
    throw new DefinitionError(place, error instanceof Error ? error.message : String(error), "");
  }
}

function approvalOf(declaration: ToolDeclaration): ApprovalLevel {
  if (declaration.approval !== undefined) return declaration.approval;
  return declaration.effect === "destructive" || declaration.impact === "high" ? "owner" : "none";
}

function paramHeadersOf(inputSchema: JsonSchemaObject, place: Place): ServedTool["paramHeaders"] {
  const scanned = scanParamHeaders(inputSchema);
  if (!scanned.ok) throw new DefinitionError(place, scanned.fault, "See MCP 2026-07-28, custom parameter headers.");
  return scanned.declarations;
}
