import { givenFolder } from "../../upstream/given-folder.ts";
import { servedThing } from "../../upstream/serve/declare.ts";
import { isReadByPattern } from "../../upstream/serve/effect-of.ts";
import { upstreamOf } from "../../upstream/upstream.ts";
import type { CheckedGate } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import type { RulesOf } from "../rule.ts";

/** What the config does with servers that exist. */
export const serverRules: RulesOf<"server-given-store" | "server-read-unsaid"> = {
  "server-given-store": {
    severity: "error",
    finds: "a server that is a program, and is given a folder in which the gate keeps its own keys and records",
    reason: "Whoever may call its tools can read there, and with the gate's keys open whatever it has sealed.",
    cure: "Give it a folder of its own, or put the gate's store elsewhere; allow it where the program serves no files.",
    find: givenStore,
  },
  "server-read-unsaid": {
    severity: "warning",
    finds:
      "a tool of a server that a pattern in `reads` makes a read, though the server does not say that it only reads",
    reason: "A read has no dry run, no key and no approval, and is sent again where its connection breaks.",
    cure: "Look at what it does; name it in `reads` in full where it only reads, and narrow the pattern where it does not.",
    find: readsUnsaid,
  },
};

function givenStore({ config, domains }: CheckedGate): readonly Found[] {
  return domains.flatMap((domain) => {
    const options = upstreamOf(domain)?.options;
    const argument = options && givenFolder(options, config.store.folder);
    if (argument === undefined) return [];
    const message = `It is given ${JSON.stringify(argument)}, which holds ${config.store.folder}.`;
    return [{ at: { domain: domain.name }, message }];
  });
}

function readsUnsaid({ domains, tools }: CheckedGate): readonly Found[] {
  const served = new Set(tools.map(({ name }) => name));
  return domains.flatMap((domain) => {
    const { accepted, options } = upstreamOf(domain) ?? {};
    if (accepted === undefined || options === undefined) return [];
    const unsaid = accepted.tools.filter(({ listed }) => isReadByPattern(listed, options));
    const names = unsaid.map(({ listed }) => servedThing("tools", String(listed["name"]), options).name);
    return names
      .filter((name) => served.has(name))
      .map((tool) => ({ at: { domain: domain.name, tool }, message: "A pattern alone makes it a read." }));
  });
}
