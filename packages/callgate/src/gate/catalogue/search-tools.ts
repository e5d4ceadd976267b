import { gateError } from "../answers/gate-error.ts";
import type { JsonSchemaObject } from "../compile/json-schema.ts";
import type { ServedTool } from "../served/served.ts";
import type { ToolListing } from "../served/tool-listing.ts";
import { CALL_TOOL, type Catalogue, type FoundTool, type FoundTools, type ToolQuery } from "./catalogue-tools.ts";
import { type SearchedTool, ToolIndex } from "./tool-index.ts";

/** Schemas of one answer; tools beyond are named. Bytes, about. */
const MOST_SCHEMAS = 49_152;
const MOST_OTHERS = 10;

type Listing = (tool: ServedTool) => ToolListing;

/** `search_tools` for one menu: over its tools, as its subjects are shown them. The index is built by the first search. */
export function searchAmong(catalogue: Catalogue, tools: readonly ServedTool[], listing: Listing): ServedTool {
  const { declaration } = catalogue.search;
  if (declaration.effect !== "read") throw new Error("searching writes nothing");
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  let index: Promise<ToolIndex> | undefined;
  const run = async (input: unknown): Promise<FoundTools> => {
    const asked = input as ToolQuery;
    const { query = "", domain } = asked;
    index ??= ToolIndex.of(tools.map((tool) => toSearched(tool, listing(tool))));
    const names = query === "" ? tools.map(({ name }) => name) : (await index).search(query);
    const found = names.flatMap((name) => byName.get(name) ?? []);
    const wanted = found.filter((tool) => domain === undefined || tool.domain.name === domain);
    return toAnswer(asked, wanted, (tool) => toFound(tool, listing(tool), catalogue));
  };
  return { ...catalogue.search, description: described(catalogue.search, tools), declaration: { ...declaration, run } };
}

function toAnswer(
  { query = "", domain, limit }: ToolQuery,
  wanted: readonly ServedTool[],
  found: (tool: ServedTool) => FoundTool,
): FoundTools {
  if (query === "" && domain === undefined) {
    throw gateError("invalid_arguments", "Neither `query` nor `domain` says what to look for.", {
      next: "Give `query`: what you want to do, in a few words.",
    });
  }
  const tools: FoundTool[] = [];
  let room = MOST_SCHEMAS;
  for (const tool of wanted.slice(0, limit)) {
    const each = found(tool);
    room -= JSON.stringify(each).length;
    // The best one is always given.
    if (room < 0 && tools.length > 0) break;
    tools.push(each);
  }
  const others = wanted.slice(tools.length, tools.length + MOST_OTHERS).map(({ name }) => name);
  return { tools, others, next: nextOf(tools, others) };
}

function nextOf(tools: readonly FoundTool[], others: readonly string[]): string {
  if (tools.length === 0) return "Nothing matches. Say it in other words, or name a `domain` alone to see its tools.";
  const call = `Call ${CALL_TOOL} with \`name\` and \`arguments\` by the input_schema.`;
  return others.length === 0 ? call : `${call} For the schema of one of \`others\`, search for its name.`;
}

function toFound({ domain, effect }: ServedTool, shown: ToolListing, { pinned }: Catalogue): FoundTool {
  const { name, description, inputSchema } = shown;
  const call = pinned.has(name) ? name : CALL_TOOL;
  return { name, domain: domain.name, effect, description, call, input_schema: inputSchema };
}

/** Which domains there are is said where a model reads it first. */
function described({ description }: ServedTool, tools: readonly ServedTool[]): string {
  const domains = Map.groupBy(tools, ({ domain }) => domain.name);
  const counts = [...domains].map(([name, own]) => `${name} (${own.length})`);
  return `${description} You have ${tools.length} tools, by domain: ${counts.join(", ")}.`;
}

/** What is searched is what these subjects are shown, and nothing else. */
function toSearched(tool: ServedTool, { name, title, description, inputSchema }: ToolListing): SearchedTool {
  return {
    name,
    title: title ?? "",
    description,
    domain: tool.domain.name,
    arguments: wordsIn(inputSchema, tool.servedArguments).join(" "),
    former: (tool.declaration.renamed?.from ?? []).join(" "),
  };
}

/** Names, descriptions and choices of the arguments that are the tool's own. */
function wordsIn(schema: JsonSchemaObject, leftOut: ReadonlySet<string>): readonly string[] {
  const forms = (schema["anyOf"] ?? schema["oneOf"] ?? []) as readonly JsonSchemaObject[];
  const own = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, JsonSchemaObject>>);
  const words = own
    .filter(([name]) => !leftOut.has(name))
    .flatMap(([name, { description, enum: choices }]) => [
      name,
      ...(typeof description === "string" ? [description] : []),
      ...(Array.isArray(choices) ? choices.filter((choice) => typeof choice === "string") : []),
    ]);
  return [...words, ...forms.flatMap((form) => wordsIn(form, leftOut))];
}
