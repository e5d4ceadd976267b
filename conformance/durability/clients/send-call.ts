import { type Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { modernHeaders, modernMessage } from "../../../packages/callgate/src/transports/testing/modern-request.ts";
import type { JsonObject } from "../../../packages/callgate/src/wire/exchange.ts";
import type { Answer, AskedApproval } from "./history.ts";

/** A call as it goes to a replica. */
export interface Sending {
  /** Of the endpoint. */
  readonly url: string;
  readonly agent: Agent;
  readonly bearer: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly trace: string;
  /** The client gives up then, whatever the gate does. */
  readonly signal: AbortSignal;
}

/** Sends a call as a client of 2026-07-28 does. Never throws: not being answered is an answer here. */
export function sendCall({ url, agent, bearer, signal, trace, ...call }: Sending): Promise<Answer> {
  const meta = { ...envelope, traceparent: `00-${trace}-00000000000000a1-01` };
  const message = modernMessage("tools/call", { name: call.tool, arguments: call.arguments, _meta: meta });
  const headers = modernHeaders(message, { authorization: `Bearer ${bearer}` });
  return new Promise((resolve) => {
    const onError = ({ code }: NodeJS.ErrnoException): void =>
      resolve({ kind: code === "ECONNREFUSED" ? "unreached" : "lost" });
    const sent = request(url, { method: "POST", headers, agent, signal }, (response) => {
      text(response).then((body) => resolve(answerOf(body)), onError);
    });
    sent.on("error", onError);
    sent.end(JSON.stringify(message));
  });
}

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "proof", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

interface SaidKeys {
  /** Of the equal write that was done a moment ago. */
  readonly finished_key?: string;
  readonly idempotency_key?: string;
}

interface SaidApproval {
  readonly approval_id: string;
  readonly tool: string;
  readonly asked_by: string;
  readonly state: string;
  readonly preview: { readonly story: string };
}

interface Body {
  readonly error?: { readonly code: number; readonly data?: { readonly code?: string } };
  readonly result?: {
    readonly isError?: boolean;
    readonly structuredContent?: {
      readonly effect?: number;
      readonly story?: string;
      readonly preview_hash?: string;
      readonly approvals?: readonly SaidApproval[];
      readonly task?: { readonly task_id: string };
    } & Partial<SaidApproval>;
    readonly _meta?: {
      readonly "io.callgate/replayed"?: boolean;
      readonly "io.callgate/error"?: { readonly code: string; readonly details?: SaidKeys };
    };
  };
}

function answerOf(text: string): Answer {
  if (text === "") return { kind: "lost" };
  const { error, result } = JSON.parse(text) as Body;
  if (error !== undefined) return { kind: "no", code: error.data?.code ?? String(error.code) };
  const said = result?._meta?.["io.callgate/error"];
  if (said !== undefined) {
    const key = said.details?.finished_key ?? said.details?.idempotency_key;
    return { kind: "no", code: said.code, ...(key !== undefined && { key }) };
  }
  const { effect, story, preview_hash: hash, approvals, task, ...approval } = result?.structuredContent ?? {};
  if (hash !== undefined) return { kind: "preview", hash };
  if (task !== undefined) return { kind: "task", id: task.task_id };
  if (approvals !== undefined) return { kind: "approvals", asked: approvals.map(toAsked) };
  const { approval_id: id, state = "", preview } = approval;
  if (id !== undefined) return { kind: "approval", id, state, story: preview?.story ?? "" };
  if (story === undefined) throw new Error(`an answer that nobody expects: ${text}`);
  if (effect === undefined) return { kind: "read", story };
  return { kind: "done", replayed: result?._meta?.["io.callgate/replayed"] === true, effect, story };
}

function toAsked({ approval_id: id, tool, asked_by: askedBy }: SaidApproval): AskedApproval {
  return { id, tool, askedBy };
}
