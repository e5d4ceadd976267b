import type { Client } from "@modelcontextprotocol/client";
import type { ApprovalSummary, ApprovalView } from "../../approvals/approval-view.ts";
import { present } from "../../operations/present.ts";
import { callTool } from "../calling/call-tool.ts";
import { callWrite } from "../calling/call-write.ts";
import type { Terminal } from "../terminal.ts";

/** What a person says of one request. */
export interface Saying {
  readonly id: string;
  readonly deed: "approve" | "deny" | "withdraw";
  readonly note: string | undefined;
}

/** Requests, by the tools of a gate. */
export class ApprovalCalls {
  readonly #client: Client;
  readonly #terminal: Terminal;

  constructor(client: Client, terminal: Terminal) {
    this.#client = client;
    this.#terminal = terminal;
  }

  async list(): Promise<readonly ApprovalSummary[]> {
    const answered = await callTool(this.#client, { name: "list_approvals", arguments: {} }, this.#terminal);
    // The tool's output schema is checked by the client against what the gate advertises.
    return (answered.value as { readonly approvals: readonly ApprovalSummary[] }).approvals;
  }

  async get(id: string): Promise<ApprovalView> {
    const call = { name: "get_approval", arguments: { approval_id: id } };
    return (await callTool(this.#client, call, this.#terminal)).value as ApprovalView;
  }

  async say({ id, deed, note }: Saying): Promise<ApprovalView> {
    const said = present({ approval_id: id, note });
    const call =
      deed === "withdraw"
        ? { name: "withdraw_approval", arguments: said }
        : { name: "decide_approval", arguments: { ...said, decision: deed } };
    return (await callWrite(this.#client, call, this.#terminal)).value as ApprovalView;
  }
}
