import type { Logger } from "@openfeature/server-sdk";
import type { CallLog } from "../define/context.ts";

/** What a provider has to say, for those who look closely: its failures are told by whoever asked it. */
export function quietLogger(log: CallLog): Logger {
  const say = (...said: unknown[]): void => log.debug("the flag provider says", { said: said.map(String).join(" ") });
  return { error: say, warn: say, info: say, debug: say };
}
