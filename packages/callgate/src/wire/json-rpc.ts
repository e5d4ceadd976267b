import type { JsonObject } from "./exchange.ts";

export type RequestId = string | number;

export interface RequestFrame {
  readonly kind: "request";
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

export interface NotificationFrame {
  readonly kind: "notification";
  readonly method: string;
  readonly params: JsonObject | undefined;
}

/** What one JSON-RPC 2.0 message is, before anybody asks of which era. */
export type Frame =
  | RequestFrame
  | NotificationFrame
  | { readonly kind: "response" }
  | { readonly kind: "invalid"; readonly id: RequestId | null; readonly reason: string };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a parsed message as JSON-RPC 2.0. Batches are invalid: MCP has none since 2025-06-18. */
export function readFrame(message: unknown): Frame {
  if (Array.isArray(message)) return invalid(null, "Batches are not supported: send one message at a time.");
  if (!isJsonObject(message)) return invalid(null, "The message must be a JSON object.");
  const id = message["id"];
  const echo = isRequestId(id) ? id : null;
  if (message["jsonrpc"] !== "2.0") return invalid(echo, 'The message must carry "jsonrpc": "2.0".');
  const method = message["method"];
  const answers = "result" in message || "error" in message;
  if (method === undefined && answers) return { kind: "response" };
  if (typeof method !== "string") return invalid(echo, '"method" must be a string.');
  if (answers) return invalid(echo, "A message is a request or a response, not both.");
  const params = message["params"];
  if (params !== undefined && !isJsonObject(params)) return invalid(echo, '"params" must be an object.');
  if (!("id" in message)) return { kind: "notification", method, params };
  if (echo === null) return invalid(null, '"id" must be a string or an integer.');
  return { kind: "request", id: echo, method, params };
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === "string" || Number.isSafeInteger(id);
}

function invalid(id: RequestId | null, reason: string): Frame {
  return { kind: "invalid", id, reason };
}
