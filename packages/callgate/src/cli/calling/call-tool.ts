import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { CliError, type SaidError } from "../cli-error.ts";
import type { ExitReason } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

/** Longer than any deadline of a gate, which is what ends a call: the operator's proof of the record has a day. */
const MOST_WAIT_MS = 25 * 60 * 60_000;

/** Codes of the gate that say the caller may not, rather than that the call went wrong. */
const REFUSALS = new Set(["missing_scope", "not_allowed", "wider_than_yours"]);

/** Codes whose reason the gate tells its log alone. */
const LOGGED = new Set(["system_error", "result_invalid", "backend_down"]);

/** A tool's name and what it is given. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** What a tool answered. */
export interface Answered {
  /** Its structured result, or its text where it has none. */
  readonly value: unknown;
  /** What the gate says beside it: that it is a replay, that a tool is deprecated. */
  readonly notes: readonly string[];
  readonly result: CallToolResult;
}

/** Calls a tool and shows its progress. An error result throws `CliError` with the gate's words and its `next`. */
export async function callTool(client: Client, call: ToolCall, terminal: Terminal): Promise<Answered> {
  const result = await client.callTool(call, {
    timeout: MOST_WAIT_MS,
    onprogress: ({ progress, total, message }) => {
      const share = total === undefined ? String(progress) : `${progress} of ${total}`;
      terminal.progress(message === undefined ? share : `${share}: ${message}`);
    },
  });
  if (result.isError === true) throw toolFailure(result);
  const [first, ...rest] = textsOf(result);
  const { structuredContent } = result;
  return structuredContent === undefined
    ? { value: first ?? result.content, notes: rest, result }
    : { value: structuredContent, notes: rest, result };
}

function toolFailure(result: CallToolResult): CliError {
  const said = saidIn(result);
  const { code, message, next } = said;
  const reason: ExitReason = code !== undefined && REFUSALS.has(code) ? "refused" : "failed";
  const words = message ?? textsOf(result)[0] ?? "The tool answered with an error and no words.";
  return new CliError(reason, code === undefined ? words : `${code}: ${words}`, {
    next,
    isLogged: code !== undefined && LOGGED.has(code),
    said: { ...said, message: words },
  });
}

/** What the gate says of an error beside its text; other servers say nothing there. */
function saidIn({ _meta }: CallToolResult): SaidError {
  const said = _meta?.["io.callgate/error"];
  return typeof said === "object" && said !== null ? said : {};
}

function textsOf({ content }: CallToolResult): string[] {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : []));
}
