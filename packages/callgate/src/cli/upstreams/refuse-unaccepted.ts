import type { GateConfig } from "../../define/gate-config.ts";
import { upstreamOf } from "../../upstream/upstream.ts";
import { CliError } from "../cli-error.ts";

/**
 * What is judged by its definition alone has to be there: of a server that is what was accepted. Throws `CliError`, or a
 * `DefinitionError` where the config says something of a tool that is not there.
 */
export function refuseUnaccepted({ domains }: Pick<GateConfig, "domains">): void {
  const upstreams = domains.map(upstreamOf).filter((each) => each !== undefined);
  const missing = upstreams.filter(({ accepted }) => accepted === undefined);
  const [first] = missing;
  if (first === undefined) {
    for (const each of upstreams) each.refuseUnknown();
    return;
  }
  const names = missing.map(({ name }) => name).join(", ");
  throw new CliError("cannotStart", `Nobody has accepted what ${names} offers, where the config has it.`, {
    next: `Commit callgate.lock.json with what you accept: callgate upstreams accept ${first.name}`,
  });
}
