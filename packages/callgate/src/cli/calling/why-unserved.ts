import type { Client } from "@modelcontextprotocol/client";
import type { UpstreamDetail } from "../../operations/upstream-schemas.ts";
import { CliError } from "../cli-error.ts";
import { listUpstreams } from "./list-upstreams.ts";

/** Why a tool that a server behind the gate may have is there for nobody; undefined where none has it, or for callers who are not to know. */
export async function whyUnserved(client: Client, name: string): Promise<CliError | undefined> {
  const details: UpstreamDetail[] = [];
  for (const { upstream } of await listUpstreams(client)) {
    const { structuredContent } = await client.callTool({ name: "get_upstream", arguments: { upstream } });
    // The tool's output schema is checked by the client against what the gate advertises.
    details.push(structuredContent as UpstreamDetail);
  }
  const found = details.map((detail) => withheld(detail, name)).find((why) => why !== undefined);
  return found ?? details.map((detail) => unknown(detail, name)).find((why) => why !== undefined);
}

/** It offers the tool; a prefix of the config stands before the server's own name. */
function withheld({ upstream, state, findings, unserved }: UpstreamDetail, name: string): CliError | undefined {
  const isIt = (each: { readonly list: string; readonly name: string }): boolean =>
    each.list === "tools" && name.endsWith(each.name);
  const unusable = unserved.find(isIt);
  if (unusable !== undefined) return new CliError("usage", `${name} of ${upstream} cannot be served: ${unusable.why}`);
  const finding = findings.find((each) => isIt(each) && each.standing !== "served");
  if (finding === undefined) return undefined;
  if (state === "not_accepted") return notAccepted(upstream);
  const stands = finding.standing === "withdrawn" ? "withdrawn" : "held back until a person accepts it";
  const words = `${upstream} has ${finding.name}, which is ${stands}.`;
  return new CliError("usage", words, { next: `See why: callgate upstreams show ${upstream}` });
}

/** Nothing of it is served, so what it offers is not known here. */
function unknown({ upstream, state, problem }: UpstreamDetail, name: string): CliError | undefined {
  if (state === "address_changed")
    return new CliError("usage", `There is no tool ${name}; ${upstream} is not where it was accepted.`, {
      next: `Look at it: callgate upstreams show ${upstream}`,
    });
  if (state !== "not_accepted") return undefined;
  if (problem === undefined) return notAccepted(upstream);
  return new CliError("usage", `There is no tool ${name}; nothing is accepted of ${upstream} yet: ${problem}`, {
    next: `Once it can be reached: callgate upstreams accept ${upstream}`,
  });
}

function notAccepted(upstream: string): CliError {
  return new CliError("usage", `Nobody has accepted what ${upstream} offers.`, {
    next: `Look at it and accept it: callgate upstreams accept ${upstream}`,
  });
}
