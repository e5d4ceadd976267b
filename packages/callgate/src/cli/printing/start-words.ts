import type { Gate } from "../../gate/create-gate.ts";

/** What a person should know when a gate has started: where it is, what it serves, how to come by a key. */
export async function startWords({ config, registry, store }: Gate, url: string): Promise<string> {
  const domains = config.domains.map(({ name }) => name);
  const tools = registry.tools.filter(({ domain }) => domains.includes(domain.name));
  const lines = [
    `${config.name} serves ${tools.length} tools (${domains.join(", ")}) at ${url}/mcp`,
    `Writes, keys and audit are in ${config.store.location}. Ctrl-C ends it.`,
  ];
  if ((await store.keys.list()).length === 0)
    lines.push("It has no keys yet. Make one: npx callgate keys create --help");
  return lines.join("\n");
}
