import { relative } from "node:path";
import type { Gate } from "../../gate/open/create-gate.ts";
import type { ServedTool } from "../../gate/served/served.ts";
import { isServed } from "../../gate/served/switched-on.ts";
import { domainStates } from "../../operations/domain-states.ts";
import { toUpstreamInfo } from "../../operations/upstream-schemas.ts";
import { upstreamOf } from "../../upstream/upstream.ts";
import { troubleWords } from "../upstreams/upstream-trouble.ts";
import { offWords } from "./off-words.ts";
import { toSeenLine } from "./visible-text.ts";

/** What a person should know when a gate has started: where it is, what it serves, how to come by a key. */
export async function startWords(gate: Gate, url: string): Promise<string> {
  const { config, registry, store } = gate;
  const domains = config.domains.map(({ name }) => name);
  const tools = registry.tools.filter(({ domain }) => domains.includes(domain.name));
  const lines = [
    `${config.name} serves ${countWords(gate, tools)} (${domains.join(", ")}) at ${url}/mcp`,
    `Writes, keys and audit are in ${config.store.location}. Ctrl-C ends it.`,
  ];
  if ((await store.keys.list()).length === 0)
    lines.push("It has no keys yet. Make one: npx callgate keys create --help");
  lines.push(...troublesOf(gate));
  lines.push(...wordsOfOpen(gate));
  const off = wordsOfOff(gate);
  if (off !== undefined) lines.push(off);
  return lines.join("\n");
}

/** Nobody has a use for a tool whose backend is down. */
function countWords({ graduations }: Gate, tools: readonly ServedTool[]): string {
  const there = tools.filter((tool) => tool.domain.problem === undefined && isServed(graduations, tool)).length;
  return `${there === tools.length ? there : `${there} of ${tools.length}`} tools`;
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

/** What is wrong with a backend that is not whole; and what of a server was accepted unseen. */
function troublesOf({ config, registry }: Gate): readonly string[] {
  return config.domains.flatMap((domain) => {
    const upstream = upstreamOf(domain);
    if (upstream === undefined) return down(domain.name, registry.domains.get(domain.name)?.problem);
    const report = upstream.report();
    const file = relative(process.cwd(), upstream.lockPath);
    const unseen = `What ${domain.name} offers was accepted at this first start. Look at it in ${file}, and commit that.`;
    return [report.isNew ? unseen : undefined, troubleWords(toUpstreamInfo(report))].filter(
      (words) => words !== undefined,
    );
  });
}

function down(name: string, problem: string | undefined): readonly string[] {
  if (problem === undefined) return [];
  return [`${name} is down: ${toSeenLine(problem).replace(/\.+$/, "")}. Its tools fail until it is there.`];
}

/** Which write tools of a gate are off, and what switches them on; undefined where none is. */
export function wordsOfOff({ config, graduations, registry }: Gate): string | undefined {
  return offWords(domainStates({ config, graduations, registry: () => registry, clock: Date.now }));
}
