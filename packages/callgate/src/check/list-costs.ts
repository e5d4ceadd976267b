import { estimateTokens } from "../audit/tokens.ts";
import { Menus } from "../gate/served/menus.ts";
import type { Registry } from "../gate/served/registry.ts";
import type { CallerClass } from "./caller-classes.ts";

/** What a tool costs on a list. */
export interface ToolCost {
  readonly name: string;
  readonly tokens: number;
}

/** What the list of one class of callers costs, at `/mcp`. */
export interface ListCost {
  readonly caller: string;
  readonly is: CallerClass["is"];
  /** The tools on it, dearest first. */
  readonly tools: readonly ToolCost[];
  /** How many can be called: more than are on the list where callers search. */
  readonly callable: number;
  /** Of the list in the answer to `tools/list`. */
  readonly bytes: number;
  /** Of the whole list, by the gate's estimate. */
  readonly tokens: number;
  /** Of names, descriptions and inputs alone, which is what most clients show to a model. */
  readonly shownTokens: number;
}

/** Measures the very lists that callers get, with every write tool switched on. */
export function listCosts(callers: readonly CallerClass[], registry: Registry): readonly ListCost[] {
  const menus = new Menus(registry, () => true);
  return callers.map(({ name: caller, is, subject }) => {
    const {
      listed: { tools: text },
      tools: called,
    } = menus.of(subject, undefined);
    const listed = JSON.parse(text) as readonly Listed[];
    const tools = listed.map((tool) => ({ name: tool.name, tokens: tokensOf(tool) }));
    return {
      caller,
      is,
      tools: tools.toSorted((one, other) => other.tokens - one.tokens),
      callable: called.size,
      bytes: Buffer.byteLength(text),
      tokens: estimateTokens(text.length),
      shownTokens: tokensOf(
        listed.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })),
      ),
    };
  });
}

interface Listed {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

function tokensOf(value: unknown): number {
  return estimateTokens(JSON.stringify(value).length);
}
