import { type ContentResult, isContentResult } from "../define/content.ts";
import { isInputRequired } from "../define/input-required.ts";
import { askClient } from "./ask-client.ts";
import type { Call } from "./call.ts";
import type { Ending } from "./ending.ts";
import { gateError } from "./gate-error.ts";
import { cutToSize } from "./page.ts";
import { membersEnding, type Note, structuredEnding } from "./result-ending.ts";
import type { ServedTool } from "./served.ts";
import { shapeReadable } from "./shape-readable.ts";
import type { Validator } from "./validator.ts";

/** A result that fits its schema: the declared output, and every optional part that the tool gave. */
export interface CheckedResult {
  readonly output: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** Stage 11. Validates what the tool gave, applies `include`, makes it fit, and writes the answer. */
export async function shape(call: Call, result: unknown): Promise<Ending> {
  if (isInputRequired(result)) return askClient(call, result);
  const { served } = call;
  if (served.kind !== "tool") return shapeReadable(served, result);
  if (isContentResult(result)) return shapeContent(call, served, result);
  if (served.validateOutput === undefined) return textEnding(result);
  return shapeChecked(call, served, await checkResult(call, served, result));
}

/** The tool's result against its own schemas. Fields that are not declared do not leave the gate. */
export async function checkResult(call: Call, tool: ServedTool, result: unknown): Promise<CheckedResult> {
  const given = typeof result === "object" && result !== null ? (result as Record<string, unknown>) : {};
  const output = await validated(call, tool.validateOutput, result, "result");
  if (tool.include.size === 0) return { output, parts: {} };
  const parts: Record<string, unknown> = {};
  for (const [part, validate] of tool.include) {
    if (given[part] !== undefined) parts[part] = await validated(call, validate, given[part], part);
  }
  return { output, parts };
}

async function validated(
  call: Call,
  validate: Validator | undefined,
  value: unknown,
  what: string,
): Promise<Record<string, unknown>> {
  if (validate === undefined) return value as Record<string, unknown>;
  const checked = validate(value);
  const outcome = checked instanceof Promise ? await checked : checked;
  if (outcome.ok) return outcome.value as Record<string, unknown>;
  const problems = outcome.issues.slice(0, 5).map(({ path, message }) => `${path.join(".") || what}: ${message}`);
  call.gate.log.error("a tool's result does not fit its schema", { callId: call.id, tool: call.served.name, problems });
  throw gateError("result_invalid", `${call.served.name} gave a result that does not fit its own schema.`, {
    next: `Tell the people who run this, with the id ${call.id}.`,
  });
}

/** The answer of a checked result: asked-for parts added, cut to a page where it is too large. */
export function shapeChecked(call: Call, tool: ServedTool, { output, parts }: CheckedResult, note?: Note): Ending {
  let value = output;
  if (call.own.include.size > 0) {
    value = { ...output };
    for (const part of call.own.include) if (parts[part] !== undefined) value = { ...value, [part]: parts[part] };
  }
  const fitted = cutToSize(call, tool, value);
  return structuredEnding(fitted.text, fitted.value, noteOf(tool, note));
}

function noteOf(tool: ServedTool, note: Note | undefined): Note | undefined {
  const { deprecated } = tool.declaration;
  if (deprecated === undefined) return note;
  const words = `${tool.name} is deprecated since ${deprecated.since}: use ${deprecated.use}.`;
  return {
    meta: { ...note?.meta, "io.callgate/deprecated": deprecated },
    text: note?.text === undefined ? words : `${note.text} ${words}`,
  };
}

function textEnding(result: unknown): Ending {
  const text = typeof result === "string" ? result : (JSON.stringify(result) ?? "");
  return membersEnding(`"content":[{"type":"text","text":${JSON.stringify(text)}}]`, {
    value: result,
    resultText: JSON.stringify(text),
  });
}

async function shapeContent(call: Call, tool: ServedTool, result: ContentResult): Promise<Ending> {
  const content = `"content":${JSON.stringify(result.blocks)}`;
  if (result.structured === undefined || tool.validateOutput === undefined) {
    return membersEnding(content, { value: result.blocks, resultText: undefined });
  }
  const { output } = await checkResult(call, tool, result.structured);
  const text = JSON.stringify(output);
  return membersEnding(`${content},"structuredContent":${text}`, { value: output, resultText: text });
}
