import type { ErrorAnswer, JsonObject, RequestMeta } from "../../exchange.ts";
import { isJsonObject } from "../../json-rpc.ts";
import { rpcCode, rpcError } from "../../rpc-error.ts";
import { metaKey, revision } from "./revision.ts";

const logLevels: ReadonlySet<unknown> = new Set([
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
]);

/** Whether a message says of itself that it is of this era, well or badly. */
export function claimsEnvelope(params: JsonObject | undefined): boolean {
  const meta = params?.["_meta"];
  return isJsonObject(meta) && metaKey.protocolVersion in meta;
}

/** The revision that a message's envelope names; undefined where it names none. */
export function claimedRevision(params: JsonObject | undefined): string | undefined {
  const meta = params?.["_meta"];
  const version = isJsonObject(meta) ? meta[metaKey.protocolVersion] : undefined;
  return typeof version === "string" ? version : undefined;
}

/** Reads the per-request envelope. What is missing or malformed is answered with `-32602` on 400, naming the key. */
export function readEnvelope(params: JsonObject | undefined): RequestMeta | ErrorAnswer {
  const meta = params?.["_meta"];
  if (meta === undefined) return fault("_meta", "missing");
  if (!isJsonObject(meta)) return fault("_meta", "expected an object");
  const version = meta[metaKey.protocolVersion];
  const capabilities = meta[metaKey.clientCapabilities];
  const clientInfo = meta[metaKey.clientInfo];
  const logLevel = meta[metaKey.logLevel];
  const token = meta["progressToken"];
  if (typeof version !== "string") return fault(metaKey.protocolVersion, missingOr(version, "a string"));
  if (!isJsonObject(capabilities)) return fault(metaKey.clientCapabilities, missingOr(capabilities, "an object"));
  if (clientInfo !== undefined && !isImplementation(clientInfo)) {
    return fault(metaKey.clientInfo, 'expected an object with the strings "name" and "version"');
  }
  if (logLevel !== undefined && !logLevels.has(logLevel)) return fault(metaKey.logLevel, "expected a log level");
  if (token !== undefined && typeof token !== "string" && !Number.isSafeInteger(token)) {
    return fault("progressToken", "expected a string or an integer");
  }
  return {
    clientInfo,
    clientCapabilities: capabilities,
    logLevel: logLevel as string | undefined,
    progressToken: token as string | number | undefined,
    traceparent: textOf(meta["traceparent"]),
    tracestate: textOf(meta["tracestate"]),
    baggage: textOf(meta["baggage"]),
    all: meta,
  };
}

function isImplementation(value: unknown): value is { name: string; version: string } {
  return isJsonObject(value) && typeof value["name"] === "string" && typeof value["version"] === "string";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function missingOr(value: unknown, expected: string): string {
  return value === undefined ? "missing" : `expected ${expected}`;
}

function fault(key: string, problem: string): ErrorAnswer {
  return rpcError(rpcCode.invalidParams, `Invalid request metadata for MCP ${revision}: ${key}: ${problem}.`, {
    httpStatus: 400,
    data: { envelope: { key, problem } },
  });
}
