import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";
import { defineGate, type GateConfig } from "../../define/gate-config.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { createGate } from "../open/create-gate.ts";
import { createRegistry } from "../served/registry.ts";

const about = { owner: "o", purpose: "p", concern: "c" };

/** `said` is typed as wrongly as an author without TypeScript may write it. */
function building(domain: AnyDomain, said: object = {}): () => void {
  const good = { name: "g", domains: [domain], callers: {}, store: sqlite("never-opened/gate.db") };
  const config = defineGate(Object.assign(good, said));
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

  it.each([
    ["a setting", { aprovals: {} }, 'gate "g": it has a field "aprovals", .* Did you mean "approvals"?'],
    ["a setting that is like none", { somethingElse: 1 }, 'gate "g": it has a field "somethingElse", .* Leave it out.'],
    ["how people are asked", { approvals: { polcy: () => "operator" } }, 'setting "approvals": .*"polcy".*"policy"?'],
    ["a limit", { limits: { rates: "1/s" } }, 'setting "limits": .*"rates".*"rate"?'],
    ["how long work is taken", { tasks: { atonce: 1 } }, 'setting "tasks": .*"atonce".*"atOnce"?'],
    ["what is masked", { audit: { maskField: [] } }, 'setting "audit": .*"maskField".*"maskFields"?'],
    ["how it is reached", { server: { allowedHost: [] } }, 'setting "server": .*"allowedHost".*"allowedHosts"?'],
    ["who may call", { callers: { rolesOf: () => "desk" } }, 'setting "callers": .*"rolesOf".*"roleOf"?'],
    ["a role", { callers: { roles: { desk: { scoops: [] } } } }, 'setting "callers.roles.desk": .*"scoops".*"scopes"?'],
    ["known clients", { callers: { clients: { modes: [] } } }, 'setting "callers.clients": .*"modes".*"mode"?'],
    ["strangers", { callers: { anonymous: { scope: "" } } }, 'setting "callers.anonymous": .*"scope".*"scopes"?'],
    ["the local user", { callers: { local: { usr: "ann" } } }, 'setting "callers.local": .*"usr".*"user"?'],
  ])("[T1] %s", (_what, said, words) => {
    const pattern = new RegExp(words.replaceAll(/[?]$/g, "\\?$"));
    expect(building(defineDomain("things", about), said)).toThrow(pattern);
  });

  it("[T1] a gate whose domains are misspelt, before anything is opened", async () => {
    const config = Object.assign({ name: "g", callers: {}, store: sqlite("never-opened/gate.db") }, { domain: [] });
    await expect(createGate(config as unknown as GateConfig)).rejects.toThrow(/"domain".* Did you mean "domains"\?/);
    expect(existsSync("never-opened")).toBe(false);
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
