import { resolveSecret } from "../secrets/resolve-secret.ts";
import { connectStdio } from "./connect-stdio.ts";
import type { Connect } from "./live-upstream.ts";
import { isProgram, type ProgramAddress } from "./upstream-options.ts";

/** Reaches a server as the config says: a program is started when it is first asked something. */
export const openConnection: Connect = ({ name, options, log }) => {
  if (!isProgram(options)) throw new Error("not yet");
  const { command, args = [], cwd, concurrency } = options;
  return connectStdio({
    name,
    command,
    args,
    env: environmentOf(options),
    log,
    ...(cwd !== undefined && { cwd }),
    ...(concurrency !== undefined && { concurrency }),
  });
};

/** A secret that is not there is left out where it is optional. */
function environmentOf({ env = {} }: ProgramAddress): Record<string, string> {
  const resolved = Object.entries(env).map(
    ([name, value]) => [name, typeof value === "string" ? value : resolveSecret(value)] as const,
  );
  return Object.fromEntries(resolved.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}
