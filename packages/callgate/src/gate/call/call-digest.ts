import { digestOf } from "../../ledger/digest.ts";
import type { Served } from "../served/served.ts";
import type { Call } from "./call.ts";

/** What makes two calls the same, once `check` has validated the arguments. Resources and prompts have no contract. */
export function callDigest({ input }: Call, served: Served): string {
  const contractHash = served.kind === "tool" ? served.contractHash : "";
  return digestOf({ tool: served.name, contractHash, input });
}
