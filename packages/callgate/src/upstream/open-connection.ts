import { loadSecrets } from "../secrets/load-secrets.ts";
import { resolveSecret } from "../secrets/resolve-secret.ts";
import type { Connect } from "./offer.ts";
import { isProgram, type ProgramAddress } from "./upstream-options.ts";

/** Reaches a server as the config says: a program is started when it is first asked something. */
export const openConnection: Connect = async ({ name, options, host, tries }) => {
  const { concurrency } = options;
  const { log } = host;
  if (!isProgram(options)) {
    const { url, credential } = options;
    await credential?.open?.(host, { url });
    // With its pool it takes 80 ms to load, which no gate without such a server waits for.
    const { connectHttp } = await import("./connect-http.ts");
    return connectHttp({
      name,
      url,
      log,
      ...(credential !== undefined && { credential }),
      ...(concurrency !== undefined && { connections: concurrency }),
    });
  }
  const { command, args = [], cwd, env = {}, roots = false } = options;
  await loadSecrets(Object.values(env).filter((value) => typeof value === "object"));
  const { connectStdio } = await import("./connect-stdio.ts");
  return connectStdio({
    name,
    command,
    args,
    env: environmentOf(options),
    log,
    tries,
    roots: roots ? "of_the_only_call" : "none",
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
