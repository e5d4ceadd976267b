import { type ContentResult, isContentResult } from "../define/content.ts";
import { isInputRequired } from "../define/input-required.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import { withDeprecation } from "./answers/deprecation.ts";
import type { Ending } from "./answers/ending.ts";
import { misfit } from "./answers/misfit.ts";
import { cutToSize, type Fitted, fits, fitting, tooLarge } from "./answers/page.ts";
import { membersEnding, type Note, structuredEnding, textEnding, withWords } from "./answers/result-ending.ts";
import { shapeReadable } from "./answers/shape-readable.ts";
import { askClient } from "./ask-client.ts";
import type { Call } from "./call/call.ts";
import type { Validator } from "./compile/validator.ts";
import type { ServedTool } from "./served/served.ts";

type CheckedContent = NonNullable<CheckedResult["content"]>;

/** A result that fits its schema: the declared output, and every optional part that the tool gave. */
export interface CheckedResult {
  readonly output: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, unknown>>;
  /** Blocks of the tool's own; what stands beside them as data is the output, where one is declared. */
  readonly content?: Omit<ContentResult, symbol>;
}

/** Stage 11. Validates what the tool gave, applies `include`, makes it fit, and writes the answer. */
export function shape(call: Call, result: unknown): MaybePromise<Ending> {
  if (isInputRequired(result)) return askClient(call, result);
  const { served } = call;
  if (served.kind !== "tool") return shapeReadable(call, served, result);
  return after(checkResult(call, served, result), (checked) => shapeChecked(call, served, { checked }));
}

/** The tool's result against its own schemas. Fields that are not declared do not leave the gate where the schema's library takes them out. */
export function checkResult(call: Call, tool: ServedTool, result: unknown): MaybePromise<CheckedResult> {
  if (isContentResult(result)) return checkContent(call, tool, result);
  if (tool.include.size > 0 && typeof result === "object" && result !== null)
    return checkParts(call, tool, result as Record<string, unknown>);
  const output = validated(call, tool.validateOutput, { value: result, what: "result" });
  return after(output, (checked) => ({ output: checked, parts: {} }));
}

async function checkParts(call: Call, tool: ServedTool, given: Record<string, unknown>): Promise<CheckedResult> {
  // The parts are not the output's own: a closed schema would refuse them, an open one would let them through unasked.
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !tool.include.has(name)));
  const output = await validated(call, tool.validateOutput, { value: own, what: "result" });
  const parts: Record<string, unknown> = {};
  for (const [part, validate] of tool.include) {
    if (given[part] !== undefined) parts[part] = await validated(call, validate, { value: given[part], what: part });
  }
  return { output, parts };
}

function checkContent(
  call: Call,
  tool: ServedTool,
  { blocks, structured, meta }: ContentResult,
): MaybePromise<CheckedResult> {
  if (!blocks.every((block) => typeof block?.type === "string")) throw misfit(call, ["a block without a type"]);
  if (tool.validateOutput === undefined) return { output: {}, parts: {}, content: { blocks, structured, meta } };
  if (structured === undefined) throw misfit(call, ["content without the structured data of its output"]);
  return after(validated(call, tool.validateOutput, { value: structured, what: "result" }), (output) => ({
    output,
    parts: {},
    content: { blocks, structured: output, meta },
  }));
}

function validated(
  call: Call,
  validate: Validator | undefined,
  { value, what }: { readonly value: unknown; readonly what: string },
): MaybePromise<Record<string, unknown>> {
  if (validate === undefined) return value as Record<string, unknown>;
  return after(validate(value), (outcome) => {
    if (outcome.ok) return outcome.value as Record<string, unknown>;
    throw misfit(
      call,
      outcome.issues.slice(0, 5).map(({ path, message }) => `${path.join(".") || what}: ${message}`),
    );
  });
}

interface Answered {
  readonly checked: CheckedResult;
  readonly note?: Note | undefined;
}

/** The answer of a checked result: asked-for parts added, cut to a page or summed up where it is too large. */
export function shapeChecked(call: Call, tool: ServedTool, { checked, note: given }: Answered): MaybePromise<Ending> {
  const { output, parts, content } = checked;
  const note = withDeprecation(call, tool, given);
  if (content !== undefined) return shapeContent(tool, content, note);
  if (tool.validateOutput === undefined) return shapeText(call, tool, { output, note });
  let value = output;
  if (call.own.include.size > 0) {
    value = { ...output };
    for (const part of call.own.include) if (parts[part] !== undefined) value = { ...value, [part]: parts[part] };
  }
  return after(cutToSize(call, tool, value) ?? summary(call, tool, value), (fitted) =>
    structuredEnding(fitted.text, fitted.value, note),
  );
}

/** A result without a schema, as text. */
function shapeText(
  call: Call,
  tool: ServedTool,
  { output, note }: { readonly output: unknown; readonly note: Note | undefined },
): MaybePromise<Ending> {
  const whole = asText(output);
  if (fits(tool, whole)) return textEnding(whole, output, note);
  return after(summarized(call, tool, output), (smaller) => {
    const text = asText(smaller);
    if (!fits(tool, text)) throw tooLarge(tool);
    return textEnding(text, smaller, note);
  });
}

function summary(call: Call, tool: ServedTool, value: CheckedResult["output"]): MaybePromise<Fitted> {
  return after(summarized(call, tool, value), (smaller) => {
    const fitted = fitting(tool, smaller);
    if (fitted === undefined) throw tooLarge(tool);
    return fitted;
  });
}

/** A smaller result in the tool's own words; it must fit the output schema like any other. */
function summarized(call: Call, tool: ServedTool, result: unknown): MaybePromise<unknown> {
  const summarize = tool.declaration.summarize as ((result: unknown) => unknown) | undefined;
  if (summarize === undefined) throw tooLarge(tool);
  return after(checkResult(call, tool, summarize(result)), ({ output }) => output);
}

function asText(result: unknown): string {
  return typeof result === "string" ? result : (JSON.stringify(result) ?? "");
}

function shapeContent(tool: ServedTool, { blocks, structured, meta }: CheckedContent, note: Note | undefined): Ending {
  const said = meta === undefined ? note : { meta: { ...meta, ...note?.meta }, text: note?.text };
  const text = structured === undefined ? undefined : JSON.stringify(structured);
  const content = `"content":${JSON.stringify(withWords(blocks, note))}`;
  const members = text === undefined ? content : `${content},"structuredContent":${text}`;
  if (!fits(tool, members)) throw tooLarge(tool);
  return membersEnding(members, { value: structured ?? blocks, resultText: text, note: said });
}
