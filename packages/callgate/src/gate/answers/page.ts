import type { Call } from "../call/call.ts";
import { callDigest } from "../call/call-digest.ts";
import type { Served, ServedTool } from "../served/served.ts";
import { gateError } from "./gate-error.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A value and its JSON text. */
export interface Fitted {
  readonly text: string;
  readonly value: unknown;
}

/** A result within the tool's size: as it is, or as a page with a cursor; never cut JSON. Undefined where neither will do. */
export function cutToSize(call: Call, tool: ServedTool, value: Fields): Fitted | undefined {
  const offset = call.own.cursor === undefined ? 0 : offsetOf(call, tool, call.own.cursor);
  const whole = offset === 0 ? fitting(tool, value) : undefined;
  if (whole !== undefined || tool.page === undefined) return whole;
  const items = value[tool.page];
  return Array.isArray(items) ? pageFrom(call, tool, { value, field: tool.page, items, offset }) : undefined;
}

/** The value as JSON text, where that is no larger than the tool may answer. */
export function fitting(tool: ServedTool, value: unknown): Fitted | undefined {
  const text = JSON.stringify(value);
  return fits(tool, text) ? { text, value } : undefined;
}

/** Whether a text is no larger than this may answer. */
export function fits({ maxResultBytes }: Served, text: string): boolean {
  return text.length * 3 <= maxResultBytes || Buffer.byteLength(text) <= maxResultBytes;
}

interface Cut {
  readonly value: Fields;
  readonly field: string;
  readonly items: readonly unknown[];
  readonly offset: number;
}

/** As many items as fit, from `offset`: their sizes are added up once, so a page costs no second try. */
function pageFrom(call: Call, tool: ServedTool, { value, field, items, offset }: Cut): Fitted {
  const frame = {
    ...value,
    [field]: [],
    page: { returned: items.length, total: items.length, cursor: "x".repeat(120) },
  };
  let room = tool.maxResultBytes - Buffer.byteLength(JSON.stringify(frame));
  let end = offset;
  while (end < items.length) {
    room -= Buffer.byteLength(JSON.stringify(items[end]) ?? "null") + 1;
    if (room < 0) break;
    end += 1;
  }
  if (end === offset && offset < items.length) throw tooLarge(tool);
  const more = end < items.length;
  const page = {
    ...value,
    [field]: items.slice(offset, end),
    page: {
      returned: end - offset,
      total: items.length,
      ...(more && { cursor: call.gate.sealer.sealText(cursorPurpose(call, tool), end) }),
    },
  };
  return { text: JSON.stringify(page), value: page };
}

function offsetOf(call: Call, tool: ServedTool, cursor: string): number {
  const offset = call.gate.sealer.unsealText(cursorPurpose(call, tool), cursor);
  if (typeof offset === "number") return offset;
  throw gateError("cursor_invalid", "This cursor belongs to another call.", {
    next: "Leave `cursor` out and start with the first page.",
  });
}

/** A cursor is good for the same subject, tool and arguments alone. */
function cursorPurpose(call: Call, tool: ServedTool): string {
  return `callgate cursor ${call.subject.id} ${callDigest(call, tool)}`;
}

/** A read says how to ask for less; a write has taken place, whatever its result weighs. */
export function tooLarge(served: Served): Error {
  const isRead = served.effect === "read";
  const problem = `The result of ${served.name} is larger than ${served.maxResultBytes} bytes.`;
  return gateError("result_too_large", isRead ? problem : `${served.name} took place. ${problem}`, {
    next: isRead
      ? "Narrow the arguments (a shorter range, a smaller limit) and leave optional parts out."
      : "Do not call it again. Look at its effect with a reading tool.",
  });
}

/** The preview of a write that has not taken place. */
export function previewTooLarge({ name, maxResultBytes }: ServedTool): Error {
  return gateError(
    "result_too_large",
    `The preview of ${name} is larger than ${maxResultBytes} bytes; nothing was done.`,
    { next: "Narrow the arguments, so that less is written at once." },
  );
}
