import type { Client } from "@modelcontextprotocol/client";
import type { Terminal } from "../terminal.ts";
import { type Answered, callTool, type ToolCall } from "./call-tool.ts";

/** Calls a tool that writes. Whoever interrupts it is told where it stands what became of the write. */
export async function callWrite(client: Client, call: ToolCall, terminal: Terminal): Promise<Answered> {
  const tell = (): void => {
    terminal.say(`Interrupted: ${call.name} may have taken place. See what became of it: callgate writes list`);
    process.kill(process.pid, "SIGINT");
  };
  process.once("SIGINT", tell);
  try {
    return await callTool(client, call, terminal);
  } finally {
    process.off("SIGINT", tell);
  }
}
