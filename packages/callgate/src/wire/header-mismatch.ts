import type { ErrorAnswer } from "./exchange.ts";
import { rpcCode, rpcError } from "./rpc-error.ts";

/** `-32020` on 400: a header that is missing, cannot be read, or says something else than the body. `problem` completes its name. */
export function headerMismatch(header: string, problem: string): ErrorAnswer {
  return rpcError(rpcCode.headerMismatch, `Header mismatch: ${header} ${problem}.`, {
    httpStatus: 400,
    data: { mismatch: { header, body: problem } },
  });
}
