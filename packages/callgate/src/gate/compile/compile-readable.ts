import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { PromptDeclaration, ResourceDeclaration } from "../../define/resource.ts";
import { refuseOddFields } from "../../settings/refuse-odd-fields.ts";
import type { ServedReadable } from "../served/served.ts";
import type { ServedDomain } from "../served/served-domain.ts";
import { type Building, callRulesOf } from "./call-rules.ts";
import { flagsOf } from "./flags-of.ts";
import { PROMPT_FIELDS, RESOURCE_FIELDS } from "./known-fields.ts";
import { parseUriTemplate } from "./uri-template.ts";

const NOTHING_MASKED: ReadonlySet<string> = new Set();

export function compileResource(
  declaration: ResourceDeclaration<unknown>,
  domain: ServedDomain,
  building: Building,
): ServedReadable {
  const template = parseUriTemplate(declaration.uri);
  const { name, title, description, mimeType } = declaration;
  const place = { domain: domain.name, resource: declaration.uri };
  refuseOddFields(declaration, RESOURCE_FIELDS, place);
  return {
    ...common(declaration, building, place),
    flags: flagsOf(declaration, domain, { config: building.config, place }),
    domain,
    kind: "resource",
    name: declaration.uri,
    listing: drop({
      ...declaration.listing,
      [template.isTemplate ? "uriTemplate" : "uri"]: declaration.uri,
      name,
      title,
      description,
      mimeType,
    }),
    run: (values, ctx) => declaration.read(values, ctx),
    values: (params) => (typeof params["uri"] === "string" ? template.match(params["uri"]) : undefined),
    required: [],
    complete: declaration.complete ?? {},
    isTemplate: template.isTemplate,
  };
}

export function compilePrompt(
  declaration: PromptDeclaration<unknown>,
  domain: ServedDomain,
  building: Building,
): ServedReadable {
  const declared = Object.entries(declaration.arguments ?? {});
  if (declaration.name.trim() === "") {
    throw new DefinitionError({ domain: domain.name }, "a prompt has no name.", "Give it one.");
  }
  const { name, title, description } = declaration;
  const place = { domain: domain.name, prompt: name };
  refuseOddFields(declaration, PROMPT_FIELDS, place);
  const list = declared.map(([argument, { description: words, required }]) =>
    drop({ name: argument, description: words, required }),
  );
  return {
    ...common(declaration, building, place),
    flags: flagsOf(declaration, domain, { config: building.config, place }),
    domain,
    kind: "prompt",
    name,
    listing: drop({
      ...declaration.listing,
      name,
      title,
      description,
      arguments: list.length > 0 ? list : undefined,
    }),
    run: (values, ctx) => declaration.get(values, ctx),
    values: (params) => textsOf(params["arguments"]),
    required: declared.filter(([, argument]) => argument.required === true).map(([argument]) => argument),
    complete: Object.fromEntries(
      declared.flatMap(([argument, { complete }]) => (complete === undefined ? [] : [[argument, complete]])),
    ) as ServedReadable["complete"],
    isTemplate: false,
  };
}

function common(
  declaration: Pick<ResourceDeclaration<unknown>, "scope" | "modes" | "timeoutMs" | "maxResultBytes">,
  building: Building,
  place: DefinitionPlace,
): Pick<ServedReadable, "effect" | "scope" | "modes" | "kinds" | "timeoutMs" | "limits" | "maxResultBytes" | "masked"> {
  return {
    effect: "read",
    scope: declaration.scope,
    modes: declaration.modes,
    kinds: undefined,
    ...callRulesOf(declaration, building, place),
    masked: NOTHING_MASKED,
  };
}

function textsOf(given: unknown): Record<string, string> | undefined {
  if (given === undefined) return {};
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const entries = Object.entries(given);
  return entries.every(([, value]) => typeof value === "string")
    ? (Object.fromEntries(entries) as Record<string, string>)
    : undefined;
}

function drop(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
