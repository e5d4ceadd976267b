import type { Client } from "@modelcontextprotocol/client";
import { present } from "../../operations/present.ts";
import { callTool } from "../calling/call-tool.ts";
import { confirmWrite } from "../calling/confirm-write.ts";
import type { CommandContext, GateSelection } from "../command.ts";
import { withConnection } from "../connection/connect.ts";

/** A call to one of the tools that run the gate. */
export interface OperationsCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** `preview`: shown and asked about first. */
  readonly confirm?: "preview";
}

/** Calls an operations tool of the selected gate. Undefined where the person said no to its preview. */
export async function callOperation<Result>(
  call: OperationsCall,
  selection: GateSelection,
  { terminal, end }: CommandContext,
): Promise<Result | undefined> {
  const request = { name: call.tool, arguments: present(call.arguments) };
  const work = (client: Client) =>
    call.confirm === "preview" ? confirmWrite(client, request, terminal) : callTool(client, request, terminal);
  const answered = await withConnection({ ...selection, needs: "operations" }, terminal, work);
  if (answered === undefined) {
    terminal.say("Nothing was done.");
    end("declined");
    return undefined;
  }
  // The tool's output schema is checked by the client against what the gate advertises.
  return answered.value as Result;
}
