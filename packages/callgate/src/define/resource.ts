import type { ContentBlock } from "./content.ts";
import type { CallContext } from "./context.ts";
import type { InputRequired } from "./input-required.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/** Text or bytes at an address; MCP 2026-07-28, "Resources". */
export interface ResourceContent {
  readonly uri?: string;
  readonly mimeType?: string;
  readonly text?: string;
  /** Base64. */
  readonly blob?: string;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** What is at an address, with more to say than that. */
export interface ResourceResult {
  readonly contents: readonly ResourceContent[];
  /** Stands in the result's `_meta`, beside what the gate says there. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** Something to read at an address; `uri` may be a template (`stays://{city}`) whose variables reach `read`. */
export interface ResourceDeclaration<Backend> {
  readonly name: string;
  readonly uri: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly scope?: string;
  readonly modes?: readonly string[];
  /** The key of a flag that must be on for whoever is to see it. */
  readonly rollout?: string;
  readonly timeoutMs?: number;
  /** A larger answer is refused; 65,536 bytes of JSON unless said otherwise. */
  readonly maxResultBytes?: number;
  /** Further members of its entry in lists, as MCP has them: `size`, `icons`, `annotations`, `_meta`. */
  readonly listing?: Readonly<Record<string, unknown>>;
  /** Suggestions for a variable of the template. */
  readonly complete?: Readonly<Record<string, CompleteValues<Backend>>>;
  /** What is there now; `undefined` answers that nothing is. */
  read(
    variables: Readonly<Record<string, string>>,
    ctx: CallContext<Backend>,
  ): MaybePromise<ResourceContent | readonly ResourceContent[] | ResourceResult | InputRequired | undefined>;
}

/** Suggestions for what has been typed so far, beside what the other arguments have been given; at most 100 are shown. */
export type CompleteValues<Backend> = (
  typed: string,
  ctx: CallContext<Backend>,
  chosen: Readonly<Record<string, string>>,
) => MaybePromise<readonly string[]>;

/** A text that a prompt is given: what it is for, whether the prompt can do without it, and suggestions for it. */
export interface PromptArgument<Backend> {
  readonly description?: string;
  readonly required?: boolean;
  readonly complete?: CompleteValues<Backend>;
}

/** One message of a prompt, with a content block of MCP. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: ContentBlock;
}

/** A prompt's messages, with more to say than those. */
export interface PromptResult {
  readonly messages: readonly PromptMessage[];
  /** That of the prompt unless said otherwise. */
  readonly description?: string;
  /** Stands in the result's `_meta`, beside what the gate says there. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** A prompt for the client's user to start from; MCP 2026-07-28, "Prompts". */
export interface PromptDeclaration<Backend> {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly scope?: string;
  readonly modes?: readonly string[];
  /** The key of a flag that must be on for whoever is to see it. */
  readonly rollout?: string;
  readonly timeoutMs?: number;
  /** A larger answer is refused; 65,536 bytes of JSON unless said otherwise. */
  readonly maxResultBytes?: number;
  readonly arguments?: Readonly<Record<string, PromptArgument<Backend>>>;
  /** Further members of its entry in lists, as MCP has them: `icons`, `_meta`. */
  readonly listing?: Readonly<Record<string, unknown>>;
  /** The messages, or the text of the only one, which is the user's. */
  get(
    values: Readonly<Record<string, string>>,
    ctx: CallContext<Backend>,
  ): MaybePromise<string | readonly PromptMessage[] | PromptResult | InputRequired>;
}
