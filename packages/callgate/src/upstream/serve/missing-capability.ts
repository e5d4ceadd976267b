import { type InputRequest, type InputRequired, inputRequired } from "../../define/input-required.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import type { RequestOptions } from "../connection.ts";
import { canBeAsked } from "../session/askable.ts";
import { UpstreamError } from "../upstream-error.ts";

const asked: Readonly<Record<string, InputRequest["method"]>> = {
  elicitation: "elicitation/create",
  sampling: "sampling/createMessage",
  roots: "roots/list",
};

/**
 * A server that goes no further without a capability of the client's (`-32021`) says so before it asks. As a question that the
 * client cannot be asked it becomes what the gate answers of its own tools: the same error, of the client's own request.
 */
export function toMissingCapability(error: unknown, canAsk: RequestOptions["canAsk"]): InputRequired | undefined {
  if (!(error instanceof UpstreamError) || error.fault.kind !== "refused") return undefined;
  const { code, data } = error.fault;
  const needed = isJsonObject(data) ? data["requiredCapabilities"] : undefined;
  if (code !== rpcCode.missingCapability || !isJsonObject(needed)) return undefined;
  const questions = Object.entries(needed).flatMap(([capability, modes]): readonly InputRequest[] => {
    const method = asked[capability];
    return method === undefined
      ? []
      : [{ method, params: isJsonObject(modes) && modes["url"] !== undefined ? { mode: "url" } : {} }];
  });
  const missing = questions.filter((question) => !canBeAsked(question, canAsk));
  if (missing.length === 0) return undefined;
  return inputRequired({ requests: Object.fromEntries(missing.map((question) => [question.method, question])) });
}
