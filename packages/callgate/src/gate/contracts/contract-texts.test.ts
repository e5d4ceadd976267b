import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineDomain } from "../../define/domain.ts";
import { defineGate } from "../../define/gate-config.ts";
import type { Subject } from "../../define/subject.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { Menus } from "../served/menus.ts";
import { createRegistry, type Registry } from "../served/registry.ts";
import { ContractTexts } from "./contract-texts.ts";

const input = z.object({ account: z.string(), colour: z.string() });

/** What `z.object` is, and how often it was said as JSON. */
function counted(): { readonly schema: typeof input; readonly said: string[] } {
  const said: string[] = [];
  const standard = input["~standard"];
  const jsonSchema: typeof standard.jsonSchema = {
    input: (options) => (said.push("input"), standard.jsonSchema.input(options)),
    output: (options) => (said.push("output"), standard.jsonSchema.output(options)),
  };
  return { said, schema: { "~standard": { ...standard, jsonSchema } } as typeof input };
}

const { schema, said } = counted();
const things = defineDomain("things", { owner: "o", purpose: "p", concern: "c" });
const open = { scope: "things:read", modes: ["desk", "guest"], input: schema, run: () => "" };
things.read("find_things", { description: "Finds things.", ...open, accountField: "account" });
things.read("seek_things", {
  ...open,
  description: "Seeks things.",
  deprecated: { since: "2026-10-01", use: "weigh" },
});
things.read("weigh", {
  description: "Weighs things.",
  scope: "things:weigh",
  input: schema,
  output: schema,
  run: () => input.parse({}),
});
const config = defineGate({ name: "test", domains: [things], callers: {}, store: sqlite("never.db") });

const gateOf = (registry: Registry) => ({ config, registry, menus: new Menus(registry, () => true) });
const registryOf = (): Registry =>
  createRegistry(config, config.domains, { clock: Date.now, limiters: localLimiters(Date.now) });

function who(kind: Subject["kind"], modes: readonly string[], scopes: readonly string[]): Subject {
  const rest = { caller: undefined, user: undefined, account: undefined, tenant: undefined, role: undefined };
  return { ...rest, kind, id: kind, modes, scopes, domains: undefined, attributes: {} };
}

const boss = who("person", ["desk"], ["*"]);
const clerk = who("person", ["desk"], ["things:read"]);
const guest = who("client", ["guest"], ["*"]);

describe("what was prepared for others", () => {
  it("[C2] changes nothing of what a caller is shown (SECURITY 20)", async () => {
    const shown = async (texts: ContractTexts, menus: Menus, subject: Subject): Promise<readonly unknown[]> => [
      menus.of(subject, undefined).listed.tools,
      (await texts.of(subject, undefined))?.text,
      (await texts.of(subject, { name: "seek_things", version: undefined }))?.text,
    ];
    const alone = await Promise.all(
      [boss, clerk, guest].map((subject) => {
        const gate = gateOf(registryOf());
        return shown(new ContractTexts(gate), gate.menus, subject);
      }),
    );
    expect(new Set(alone.flat()).size).toBe(9);
    for (const each of alone.slice(1)) expect(each.join()).not.toContain("weigh");
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const gate = gateOf(registryOf());
      const texts = new ContractTexts(gate);
      for (const at of order) {
        const subject = [boss, clerk, guest][at] ?? boss;
        expect(await shown(texts, gate.menus, subject)).toEqual(alone[at]);
      }
    }
  });

  it("[K3] is not prepared again: a schema is said as JSON when the gate is made, a document once for all who ask", async () => {
    const gate = gateOf(registryOf());
    const texts = new ContractTexts(gate);
    const made = said.length;
    const both = await Promise.all([texts.of(boss, undefined), texts.of({ ...boss, id: "other" }, undefined)]);
    expect(both[0]?.text).toContain("weigh");
    expect(both[1]).toBe(both[0]);
    for (const subject of [clerk, guest]) await texts.of(subject, undefined);
    expect(made).toBeGreaterThan(0);
    expect(said).toHaveLength(made);
  });
});
