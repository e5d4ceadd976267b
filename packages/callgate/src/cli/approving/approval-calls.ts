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

interface Page {
  readonly approvals: readonly ApprovalSummary[];
  readonly next_cursor?: string;
}

/** Requests, by the tools of a gate. */
export class ApprovalCalls {
  readonly #client: Client;
  readonly #terminal: Terminal;

  constructor(client: Client, terminal: Terminal) {
    this.#client = client;
    this.#terminal = terminal;
  }

  /** All that are open and concern this person, page by page. */
  async list(): Promise<readonly ApprovalSummary[]> {
    const found: ApprovalSummary[] = [];
    let cursor: string | undefined;
    do {
      const call = { name: "list_approvals", arguments: present({ cursor }) };
      // The tool's output schema is checked by the client against what the gate advertises.
      const page = (await callTool(this.#client, call, this.#terminal)).value as Page;
      found.push(...page.approvals);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return found;
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
