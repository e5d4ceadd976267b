import { digestOf } from "../ledger/digest.ts";
import type { Call } from "./call.ts";
import { gateError } from "./gate-error.ts";
import type { ServedTool } from "./served.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Fitted {
  readonly text: string;
  readonly value: unknown;
}

/** A result as JSON text within the tool's size: as it is, as a page with a cursor, or as its summary; never cut JSON. */
export function cutToSize(call: Call, tool: ServedTool, value: Fields): Fitted {
  const offset = call.own.cursor === undefined ? 0 : offsetOf(call, tool, call.own.cursor);
  if (offset === 0) {
    const text = JSON.stringify(value);
    if (fits(text, tool.maxResultBytes)) return { text, value };
  }
  if (tool.page !== undefined) return pageFrom(call, tool, { value, field: tool.page, offset });
  return summary(tool, value);
}

function fits(text: string, most: number): boolean {
  return text.length * 3 <= most || Buffer.byteLength(text) <= most;
}

interface Cut {
  readonly value: Fields;
  readonly field: string;
  readonly offset: number;
}

/** As many items as fit, from `offset`: their sizes are added up once, so a page costs no second try. */
function pageFrom(call: Call, tool: ServedTool, { value, field, offset }: Cut): Fitted {
  const items = value[field] as readonly unknown[];
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
  const digest = digestOf({ tool: tool.name, contractHash: tool.contractHash, input: call.input });
  return `callgate cursor ${call.subject.id} ${digest}`;
}

function summary(tool: ServedTool, value: Fields): Fitted {
  const summarize = tool.declaration.summarize as ((result: Fields) => unknown) | undefined;
  if (summarize === undefined) throw tooLarge(tool);
  const smaller = summarize(value);
  const text = JSON.stringify(smaller);
  if (!fits(text, tool.maxResultBytes)) throw tooLarge(tool);
  return { text, value: smaller };
}

function tooLarge(tool: ServedTool): Error {
  return gateError("result_too_large", `The result of ${tool.name} is larger than ${tool.maxResultBytes} bytes.`, {
    next: "Narrow the arguments (a shorter range, a smaller limit) and leave optional parts out.",
  });
}
