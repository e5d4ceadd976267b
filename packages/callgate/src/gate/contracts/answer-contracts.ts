import type { ErrorAnswer, PreparedText, WantedContract } from "../../wire/exchange.ts";
import { rpcCode, rpcError } from "../../wire/rpc-error.ts";
import { refused } from "../answers/ending.ts";
import { membersEnding } from "../answers/result-ending.ts";
import type { Call } from "../call/call.ts";
import { identify } from "../identify.ts";
import { leave, limitList } from "../limit.ts";
import { record } from "../record.ts";
import type { ContractTexts } from "./contract-texts.ts";

/** The same for a tool that is not there, is not theirs to see, or is there in another version. */
const noContract = rpcError(rpcCode.invalidParams, "There is no such tool, or not in this version.", {
  httpStatus: 404,
  data: { code: "unknown_tool" },
});

/** Contracts for other programs: identified, limited and recorded as lists are. */
export async function answerContracts(
  call: Call,
  texts: ContractTexts,
  wanted: WantedContract | undefined,
): Promise<PreparedText | ErrorAnswer> {
  let found: PreparedText | undefined;
  const { answer } = await record(call, async () => {
    const refusal = (await identify(call)) ?? (await limitList(call));
    if (refusal !== undefined) return refusal;
    found = await texts.of(call.subject, wanted);
    if (found === undefined) return refused("unknown_tool", noContract);
    return membersEnding(found.text, { value: undefined, resultText: undefined });
  }).finally(() => leave(call));
  // What is no refusal was found.
  return answer.kind === "error" ? answer : (found ?? noContract);
}
