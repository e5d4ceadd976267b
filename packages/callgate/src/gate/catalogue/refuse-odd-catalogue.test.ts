import { expect, test } from "vitest";
import { z } from "zod";
import { type AnyDomain, type Domain, defineDomain } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { openTestGate } from "../testing/open-test-gate.ts";
import { refuseUnknownPins } from "./refuse-odd-catalogue.ts";

const about = { owner: "o", purpose: "p", concern: "c" };

test("[T8] a catalogue that cannot be is refused when the gate is built", async () => {
  const named = (tool: string, name = "odd"): Domain<undefined> => {
    const domain = defineDomain(name, about);
    domain.read(tool, { description: "Calls something.", input: z.object({}), run: () => "" });
    return domain;
  };
  const refused: readonly (readonly [unknown, string, Domain<undefined>?])[] = [
    [{ searchAbove: -1 }, "searchAbove is -1"],
    [{ searchAbove: 1.5 }, "searchAbove is 1.5"],
    [{ searchAbove: 1, pinned: ["weight_thing"] }, 'no domain has the pinned tool "weight_thing"'],
    [{ searchAbove: 1, kinds: ["people"] }, 'its kinds is ["people"]. Use a list of person'],
    [{ searchAbove: 1, roles: ["clerc"] }, 'callers.roles has no "clerc"'],
    [{ searchAbove: 1 }, 'reads like "call_tool"', named("call_tool")],
    [{ searchAbove: 1 }, 'reads like "search__tools"', named("search__tools")],
    [{ searchAbove: 1 }, 'domain "catalogue"', defineDomain("catalogue", about)],
    [{ above: 1 }, "above"],
  ];
  for (const [catalogue, words, ...further] of refused) {
    const domains = [named("weigh_thing", "things"), ...further.filter((domain) => domain !== undefined)];
    await expect(openTestGate(domains, { config: { catalogue } as Partial<GateConfig> })).rejects.toThrow(words);
  }
});

test("a pinned tool of a server that nobody has accepted is not taken for misspelt", () => {
  const catalogue = { searchAbove: 0, pinned: ["find_contacts"] };
  const of = (domain: Partial<AnyDomain>): GateConfig =>
    ({ catalogue, domains: [{ name: "crm", tools: [], ...domain }] }) as unknown as GateConfig;
  expect(() => refuseUnknownPins(of({ source: {} as NonNullable<AnyDomain["source"]> }))).toThrow(
    /no domain has the pinned tool "find_contacts".*callgate upstreams accept crm/,
  );
  expect(() => refuseUnknownPins(of({}))).toThrow(/Correct its name/);
});
