/** A content block of MCP: text, image, audio, resource or link; MCP 2026-07-28, "Tool result". */
export type ContentBlock = { readonly type: string } & Readonly<Record<string, unknown>>;

const CONTENT: unique symbol = Symbol.for("callgate.content");

/** A result that is more than JSON: content blocks, beside structured data where the tool declares an output. */
export interface ContentResult<Value = unknown> {
  readonly [CONTENT]: true;
  readonly blocks: readonly ContentBlock[];
  readonly structured: Value | undefined;
  /** Stands in the result's `_meta`, beside what the gate says there. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Answers with content blocks of one's own (images, audio, embedded resources), and with the declared output beside them.
 * `meta` goes into the result's `_meta`.
 */
export function content<Value = undefined>(
  blocks: readonly ContentBlock[],
  structured?: Value,
  meta?: Readonly<Record<string, unknown>>,
): ContentResult<Value> {
  return Object.freeze({ [CONTENT]: true as const, blocks, structured, meta });
}

/** True for what `content` of any copy of this package has made. */
export function isContentResult(value: unknown): value is ContentResult {
  return typeof value === "object" && value !== null && CONTENT in value;
}
