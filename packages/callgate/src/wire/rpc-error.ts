import type { ErrorAnswer, JsonObject } from "./exchange.ts";

/** JSON-RPC 2.0 and MCP 2026-07-28 error codes that Callgate sends. */
export const rpcCode = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
  /** Callgate's own, from the range left to implementations: credentials, limits, a gate that is draining. */
  unauthenticated: -32001,
  forbidden: -32003,
  limited: -32029,
  unavailable: -32030,
} as const;

export interface RpcErrorOptions {
  readonly httpStatus?: number;
  readonly data?: JsonObject;
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

/** An error that goes to the client as a JSON-RPC error object. `httpStatus` is 200 unless given. */
export function rpcError(code: number, message: string, options: RpcErrorOptions = {}): ErrorAnswer {
  return {
    kind: "error",
    code,
    message,
    data: options.data,
    httpStatus: options.httpStatus ?? 200,
    httpHeaders: options.httpHeaders,
  };
}
