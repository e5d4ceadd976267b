import { type Domain, defineDomain } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { jsonSchema } from "../../define/schema.ts";
import type { Subject } from "../../define/subject.ts";
import type { Building } from "../compile/call-rules.ts";
import { compileListed, compileTool } from "../compile/compile-tool.ts";
import type { ServedTool } from "../served/served.ts";
import { ServedDomain } from "../served/served-domain.ts";
import { refuseOddCatalogue } from "./refuse-odd-catalogue.ts";

/** The tool by which tools are found. */
export const SEARCH_TOOLS = "search_tools";
/** The tool by which they are called. */
export const CALL_TOOL = "call_tool";

/** What a gate has whose callers search its tools. */
export interface Catalogue {
  readonly searchAbove: number;
  readonly pinned: ReadonlySet<string>;
  /** Whether this subject searches where it sees many. */
  readonly isFor: (subject: Pick<Subject, "kind" | "role">) => boolean;
  /** Both as they are compiled: each menu has its own search, over its own tools. */
  readonly search: ServedTool;
  readonly call: ServedTool;
}

/** What is asked of `search_tools`. */
export interface ToolQuery {
  readonly query?: string;
  readonly domain?: string;
  readonly limit: number;
}

/** A tool that was found, with what it takes to call it. */
export interface FoundTool {
  readonly name: string;
  readonly domain: string;
  readonly effect: string;
  readonly description: string;
  readonly call: string;
  readonly input_schema: object;
}

/** What `search_tools` answers. */
export interface FoundTools {
  readonly tools: readonly FoundTool[];
  readonly others: readonly string[];
  readonly next: string;
}

const input = jsonSchema<ToolQuery>({
  type: "object",
  properties: {
    query: {
      type: "string",
      maxLength: 400,
      description: 'What you want to do, in a few words, e.g. "refund a payment"; or the name of a tool.',
    },
    domain: { type: "string", description: "Only tools of this domain; without a query, all of them." },
    limit: { type: "integer", minimum: 1, maximum: 20, default: 5, description: "Tools to give with their schemas." },
  },
  additionalProperties: false,
});

const output = jsonSchema<FoundTools>({
  type: "object",
  properties: {
    tools: {
      type: "array",
      description: "Best first.",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          domain: { type: "string" },
          effect: { enum: ["read", "write", "destructive"] },
          description: { type: "string" },
          call: { type: "string", description: `${CALL_TOOL}, or the tool's own name where it is listed beside it.` },
          input_schema: { type: "object" },
        },
        required: ["name", "domain", "effect", "description", "call", "input_schema"],
      },
    },
    others: { type: "array", items: { type: "string" }, description: "Names of further tools that match less." },
    next: { type: "string" },
  },
  required: ["tools", "others", "next"],
});

const calling = jsonSchema<Readonly<Record<string, unknown>>>({
  type: "object",
  properties: {
    name: { type: "string", description: `A tool's name, as ${SEARCH_TOOLS} or another answer gives it.` },
    arguments: {
      type: "object",
      description: "What its input_schema asks for; dry_run, idempotency_key and the like among them.",
    },
  },
  required: ["name"],
  additionalProperties: false,
});

/** The catalogue of a gate whose config asks for one. Throws `DefinitionError` where it cannot be. */
export function compileCatalogue(config: GateConfig, building: Building): Catalogue | undefined {
  const { catalogue } = config;
  if (catalogue === undefined) return undefined;
  const { searchAbove, pinned = [], kinds, roles } = catalogue;
  const domain = declared();
  refuseOddCatalogue(catalogue, { config, own: domain.name });
  const home = new ServedDomain(domain, building);
  const [search, call] = domain.tools as readonly [
    Domain<undefined>["tools"][number],
    Domain<undefined>["tools"][number],
  ];
  // The tool that is called says why, or is not asked.
  const silent = { ...building, config: { ...building.config, reason: "off" as const } };
  return {
    searchAbove,
    pinned: new Set(pinned),
    isFor: ({ kind, role }) =>
      kinds?.includes(kind) !== false && (roles === undefined || (role !== undefined && roles.includes(role))),
    search: compileTool(compileListed(search, home, building), building),
    call: compileTool(compileListed(call, home, silent), silent),
  };
}

function declared(): Domain<undefined> {
  const domain = defineDomain("catalogue", {
    owner: "gate-operators",
    purpose: "Finding one's tools among very many.",
    concern: "Nothing may be found by those who do not see it.",
  });
  domain.read(SEARCH_TOOLS, {
    description: `Find tools by what they do. Gives the best matches with their input schemas, to be called by ${CALL_TOOL}.`,
    input,
    output,
    maxResultBytes: 1_048_576,
    run: () => {
      throw new Error("every menu searches its own tools");
    },
  });
  domain.read(CALL_TOOL, {
    description:
      `Call a tool that ${SEARCH_TOOLS} has found, or that an answer names. It answers as that tool does: a write is ` +
      "previewed, made once and approved as that tool's schema says.",
    input: calling,
    run: () => {
      throw new Error("a call by it is a call of the tool that it names");
    },
  });
  return domain;
}
