import { isDeepStrictEqual } from "node:util";
import type { PreparedRequest, ToolCall } from "./tool-call.ts";
import { parseAnswer } from "./tool-call.ts";

/** Sends the request once and throws unless status, structured content and text are all what the call expects. */
export async function checkAnswer(request: PreparedRequest, call: ToolCall): Promise<void> {
  const response = await fetch(request.url, { method: "POST", headers: request.headers, body: request.body });
  const body = await response.text();
  const reason = response.status === 200 ? findFault(body, call) : `status ${response.status}`;
  if (reason !== undefined) throw new Error(`${reason}; the answer was ${body.slice(0, 2_000)}`);
}

function findFault(body: string, call: ToolCall): string | undefined {
  const { result } = parseAnswer(body);
  if (result === undefined || result.isError === true) return "the call failed";
  if (!isDeepStrictEqual(result.structuredContent, call.expected)) return "the structured content differs";
  const [first] = Array.isArray(result.content) ? (result.content as { text?: unknown }[]) : [];
  if (typeof first?.text !== "string") return "there is no text content";
  if (!isDeepStrictEqual(JSON.parse(first.text), call.expected)) return "the text content differs";
  const missing = call.markers.find((marker) => !body.includes(marker));
  return missing === undefined ? undefined : `${missing} is missing`;
}
