import type { Client } from "@modelcontextprotocol/client";
import { CliError } from "../cli-error.ts";
import { printedJson } from "../printing/print-json.ts";
import type { Terminal } from "../terminal.ts";
import { type Answered, callTool, type ToolCall } from "./call-tool.ts";
import { callWrite } from "./call-write.ts";

export interface WriteCall extends ToolCall {
  /** Whether the command has the option `--dry-run`. */
  readonly hasDryRun?: boolean;
}

/**
 * Shows what a write would do and asks. Committed is exactly what was shown: if that has changed in the meantime the
 * gate refuses. Undefined where the person said no.
 */
export async function confirmWrite(
  client: Client,
  { hasDryRun, ...call }: WriteCall,
  terminal: Terminal,
): Promise<Answered | undefined> {
  if (!terminal.canAsk) {
    const look = hasDryRun === true ? ", or --dry-run to see what it would do" : "";
    throw new CliError("usage", `${call.name} writes, and there is no terminal to ask for your word.`, {
      next: `Give --yes to do it without a question${look}.`,
    });
  }
  const { value } = await callTool(client, { ...call, arguments: { ...call.arguments, dry_run: true } }, terminal);
  const { preview, preview_hash } = value as { preview?: unknown; preview_hash?: string };
  terminal.say(`${call.name} would do this:\n${printedJson(preview ?? value)}`);
  if (!(await terminal.ask("Do it?"))) return undefined;
  return callWrite(client, { ...call, arguments: { ...call.arguments, preview_hash } }, terminal);
}
