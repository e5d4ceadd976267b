import { expect, it } from "vitest";
import type { AnyDomain } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { refuseUnknownPins } from "./refuse-odd-catalogue.ts";

it("a pinned tool of a server that nobody has accepted is not taken for misspelt", () => {
  const catalogue = { searchAbove: 0, pinned: ["find_contacts"] };
  const of = (domain: Partial<AnyDomain>): GateConfig =>
    ({ catalogue, domains: [{ name: "crm", tools: [], ...domain }] }) as unknown as GateConfig;
  expect(() => refuseUnknownPins(of({ source: {} as NonNullable<AnyDomain["source"]> }))).toThrow(
    /no domain has the pinned tool "find_contacts".*callgate upstreams accept crm/,
  );
  expect(() => refuseUnknownPins(of({}))).toThrow(/Correct its name/);
});
