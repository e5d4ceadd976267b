import { relative } from "node:path";
import type { AnyDomain } from "../../define/domain.ts";
import type { Gate } from "../../gate/open/create-gate.ts";
import { domainStates } from "../../operations/domain-states.ts";
import { upstreamOf } from "../../upstream/upstream.ts";
import { offWords } from "./off-words.ts";
import { toSeenLine } from "./visible-text.ts";

/** What a person should know when a gate has started: where it is, what it serves, how to come by a key. */
export async function startWords(gate: Gate, url: string): Promise<string> {
  const { config, registry, store } = gate;
  const domains = config.domains.map(({ name }) => name);
  const tools = registry.tools.filter(({ domain }) => domains.includes(domain.name));
  const lines = [
    `${config.name} serves ${tools.length} tools (${domains.join(", ")}) at ${url}/mcp`,
    `Writes, keys and audit are in ${config.store.location}. Ctrl-C ends it.`,
  ];
  if ((await store.keys.list()).length === 0)
    lines.push("It has no keys yet. Make one: npx callgate keys create --help");
  lines.push(...config.domains.flatMap(upstreamWords));
  lines.push(...wordsOfOpen(gate));
  const off = wordsOfOff(gate);
  if (off !== undefined) lines.push(off);
  return lines.join("\n");
}

/** Writes of servers that nobody has given a scope: whoever wrote those tools knew of none. */
function wordsOfOpen({ registry }: Gate): readonly string[] {
  return [...registry.domains.values()].flatMap(({ name, source }) => {
    const open = registry.tools.filter(
      ({ domain, effect, scope, modes }) =>
        domain.name === name && effect !== "read" && scope === undefined && modes === undefined,
    );
    if (source === undefined || open.length === 0) return [];
    const words = open.length === 1 ? `the write ${open[0]?.name}` : `all ${open.length} writes`;
    return `Every key of a person or an agent opens ${words} of ${name}, until it has a scope: upstream("${name}", { scope: "${name}:use" })`;
  });
}

/** What of a server nobody has looked at yet, and of one that serves nothing why. */
function upstreamWords(domain: AnyDomain): readonly string[] {
  const upstream = upstreamOf(domain);
  if (upstream === undefined) return [];
  const { name, accepted, lockPath } = upstream;
  const file = relative(process.cwd(), lockPath);
  const accept = `npx callgate upstreams accept ${name}`;
  const { isNew, problem, acceptedAddress } = upstream.report();
  if (isNew) return [`What ${name} offers was accepted at this first start. Look at it in ${file}, and commit that.`];
  if (accepted !== undefined) return [];
  if (acceptedAddress !== undefined)
    return [
      `Nothing is served of ${name}: it was accepted at ${toSeenLine(acceptedAddress)}, not where it is now. ${accept}`,
    ];
  const cause = problem === undefined ? "" : `, and it could not be asked: ${toSeenLine(problem)}`;
  return [`Nothing is served of ${name}: nobody has accepted what it offers${cause}. ${accept}`];
}

/** Which write tools of a gate are off, and what switches them on; undefined where none is. */
export function wordsOfOff({ config, graduations, registry }: Gate): string | undefined {
  return offWords(domainStates({ config, graduations, registry: () => registry, clock: Date.now }));
}
