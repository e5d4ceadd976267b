import type { ErrorAnswer, Host } from "./exchange.ts";
import { rpcCode, rpcError } from "./rpc-error.ts";

/** Tells the host what broke beside it, and gives the answer for the client, who hears nothing of the cause. */
export function toInternalError(host: Host, what: string, error: unknown): ErrorAnswer {
  host.onProblem(what, error);
  return rpcError(rpcCode.internal, "Internal error.", { httpStatus: 500 });
}
