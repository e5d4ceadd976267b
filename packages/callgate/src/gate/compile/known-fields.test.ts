import { describe, expect, it } from "vitest";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";
import { defineGate } from "../../define/gate-config.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { createRegistry } from "../registry.ts";

const about = { owner: "o", purpose: "p", concern: "c" };

function building(domain: AnyDomain): () => void {
  const config = defineGate({ name: "g", domains: [domain], callers: {}, store: sqlite("never-opened/gate.db") });
  return () => createRegistry(config, [domain], { clock: Date.now, limiters: localLimiters(Date.now) });
}

describe("what an author without TypeScript may misspell or leave out is refused when the gate is built", () => {
  it.each([
    ["owner", /team that answers/],
    ["purpose", /what it is for/],
    ["concern", /never happen/],
  ])("[T1] a domain's %s (SECURITY 25)", (field, cure) => {
    for (const said of [undefined, " "]) {
      const build = building(defineDomain("things", Object.assign({ ...about }, { [field]: said })));
      expect(build).toThrow(`domain "things": it has no ${field}.`);
      expect(build).toThrow(cure);
    }
  });

  it("[T1] a rule of a resource", () => {
    const domain = defineDomain("things", about);
    domain.resource(Object.assign({ name: "a", uri: "things://a", read: () => ({ text: "" }) }, { mode: ["team"] }));
    expect(building(domain)).toThrow(/resource "things:\/\/a": it has a field "mode".* Did you mean "modes"\?/);
  });

  it("[T1] a rule of a prompt", () => {
    const domain = defineDomain("things", about);
    domain.prompt(Object.assign({ name: "greet", get: () => "Hello." }, { scopes: "things:read" }));
    expect(building(domain)).toThrow(/prompt "greet": it has a field "scopes".* Did you mean "scope"\?/);
  });
});
