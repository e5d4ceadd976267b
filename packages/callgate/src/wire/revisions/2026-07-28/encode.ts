import type { ErrorAnswer, JsonObject, ResultAnswer, ServerIdentity } from "../../exchange.ts";
import type { RequestId } from "../../json-rpc.ts";
import { metaKey } from "./revision.ts";

/** The member of every result's `_meta` that says who answers, as prepared JSON text. */
export function serverInfoMember(identity: ServerIdentity): string {
  const { name, title, version } = identity;
  return `"${metaKey.serverInfo}":${JSON.stringify({ name, title, version })}`;
}

/** A result as one JSON-RPC message. `serverInfo` is the prepared text of {@link serverInfoMember}. */
export function encodeResult(id: RequestId, answer: ResultAnswer, serverInfo: string): string {
  const [before, after] = encodeAround(id, answer, serverInfo);
  return `${before}${answer.members}${after}`;
}

/** What stands before the members of a result in its message, and after them. */
export function encodeAround(id: RequestId, answer: ResultAnswer, serverInfo: string): readonly [string, string] {
  const separator = answer.members === "" ? "" : ",";
  const cache =
    answer.cache === undefined ? "" : `,"ttlMs":${answer.cache.ttlMs},"cacheScope":"${answer.cache.cacheScope}"`;
  const meta = answer.meta === undefined || answer.meta === "" ? serverInfo : `${answer.meta},${serverInfo}`;
  return [
    `{"jsonrpc":"2.0","id":${encodeId(id)},"result":{`,
    `${separator}"resultType":"${answer.resultType}"${cache},"_meta":{${meta}}}}`,
  ];
}

/** An error as one JSON-RPC message; `id` is null where the request's own could not be read. */
export function encodeError(id: RequestId | null, answer: ErrorAnswer): string {
  const data = answer.data === undefined ? "" : `,"data":${JSON.stringify(answer.data)}`;
  return `{"jsonrpc":"2.0","id":${encodeId(id)},"error":{"code":${answer.code},"message":${JSON.stringify(answer.message)}${data}}}`;
}

export function encodeNotification(method: string, params: JsonObject): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}`;
}

function encodeId(id: RequestId | null): string {
  return typeof id === "string" ? JSON.stringify(id) : String(id);
}
