import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { BackendDeclaration } from "../../define/backend.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";
import { defineGate, type GateConfig } from "../../define/gate-config.ts";
import { jsonSchema } from "../../define/schema.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { createGate } from "../open/create-gate.ts";
import { createRegistry } from "../served/registry.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const input = z.object({ id: z.string() });
const good = { description: "Gets a thing by its id.", input, run: () => ({}) };

function gateOf(...domains: AnyDomain[]): void {
  const config = defineGate({ name: "g", domains, callers: {}, store: sqlite("never-opened/gate.db") });
  createRegistry(config, domains, { clock: Date.now, limiters: localLimiters(Date.now) });
}

/** A read that is right but for what is given; typed as wrongly as an author without TypeScript may write it. */
function read(declaration: object, name = "get_thing"): () => void {
  const domain = defineDomain("things", about);
  domain.read(name, Object.assign({ ...good }, declaration));
  return () => gateOf(domain);
}

function write(declaration: object): () => void {
  const domain = defineDomain("things", about);
  const commit = (): object => ({});
  domain.write("make_thing", Object.assign({ ...good, plan: () => ({ preview: {} }), commit }, declaration));
  return () => gateOf(domain);
}

/** What the building of a gate is refused with, and whether its words name the tool. */
function refusalOf(build: () => void): { readonly message: string; readonly place: readonly unknown[] } {
  try {
    build();
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const { message, domain, tool } = error;
    return { message, place: [domain, tool === undefined || message.includes(tool)] };
  }
  return { message: "not refused", place: [] };
}

const refused: readonly (readonly [string, () => void, RegExp, RegExp])[] = [
  ["a name that is none", read({}, "getThing"), /its name will not do/, /lower-case/],
  ["no description", read({ description: " " }), /no description/, /a model chooses by that/],
  ["no input", read({ input: undefined }), /no input schema/, /z\.object/],
  [
    "an input that is no object",
    read({ input: z.string() }),
    /input is not an object/,
    /put other values into a field/,
  ],
  ["a read of high impact", read({ impact: "high" }), /read with high `impact`/, /only writes wait for an approval/],
  ["an output that is no object", read({ output: z.array(z.string()) }), /output is not an object/, /into a field/],
  [
    "an input of types that JSON does not have",
    read({ input: z.object({ at: z.date() }) }),
    /cannot be said as JSON Schema/,
    /types that JSON has/,
  ],
  [
    "a library that cannot say JSON Schema",
    read({ input: { "~standard": { version: 1, vendor: "x", validate: () => ({}) } } }),
    /cannot be said as JSON Schema/,
    /zod 4\.2/,
  ],
  [
    "a field that the gate serves",
    read({ input: z.object({ reason: z.string() }) }),
    /"reason", which the gate serves/,
    /another name/,
  ],
  [
    "a write's field that the gate serves, in a union",
    write({ input: z.union([input, z.object({ dry_run: z.boolean() })]) }),
    /"dry_run"/,
    /another name/,
  ],
  [
    "optional parts without an output",
    read({ include: { more: input } }),
    /optional parts but no output/,
    /Declare `output`/,
  ],
  [
    "a part that the output has",
    read({ output: z.object({ more: z.string() }), include: { more: input } }),
    /"more", which the gate adds/,
    /another name/,
  ],
  [
    "parts of a union",
    read({ output: z.union([input, z.object({ b: z.string() })]), include: { more: input } }),
    /cannot take `include`/,
    /one object/,
  ],
  ["a read without run", read({ run: undefined }), /read without `run`/, /Add run/],
  ["a write without plan", write({ plan: undefined }), /write without `plan`/, /Add plan/],
  ["a write without commit", write({ commit: undefined }), /write without `commit`/, /Add commit/],
  ["a rule that is misspelt", read({ scpoe: "things:read" }), /a field "scpoe"/, /Did you mean "scope"\?/],
  ["a field that nothing is like", write({ colour: "blue" }), /a field "colour"/, /Leave it out/],
  ["a rate that is none", read({ rate: "often" }), /its rate is "often"/, /60\/min/],
  ["a timeout that no timer keeps", read({ timeoutMs: 1e12 }), /timeoutMs is 1000000000000/, /2147483647/],
  ["a timeout that is none", read({ timeoutMs: Number.NaN }), /timeoutMs is NaN/, /whole number/],
  ["room for no call", read({ concurrency: 0 }), /concurrency is 0/, /from 1/],
  ["room for no result", read({ maxResultBytes: -1 }), /maxResultBytes is -1/, /from 1/],
  [
    "an account field that is not there",
    read({ accountField: "idd" }),
    /accountField "idd" is no field/,
    /field of the input/,
  ],
  [
    "a schema that refers elsewhere",
    read({ input: jsonSchema({ type: "object", properties: { a: { $ref: "https://example.com/a.json" } } }) }),
    /refers to "https:/,
    /\$defs/,
  ],
  [
    "a schema that refers to nothing",
    read({ input: jsonSchema({ type: "object", properties: { a: { $ref: "#/$defs/A" } } }) }),
    /"#\/\$defs\/A", which is not there/,
    /\$defs/,
  ],
  [
    "a pattern that explodes",
    read({ input: z.object({ id: z.string().regex(/^(a+)+$/) }) }),
    /exponential time/,
    /nested repetitions/,
  ],
  [
    "a pattern of names that explodes",
    read({ input: jsonSchema({ type: "object", patternProperties: { "^(a|a)*$": {} } }) }),
    /exponential time/,
    /take the same text/,
  ],
  [
    "a schema that is none",
    read({ input: jsonSchema({ type: "object", properties: { id: { type: "strnig" } } }) }),
    /\/properties\/id\/type must be/,
    /JSON Schema 2020-12/,
  ],
  [
    "a schema of another dialect",
    read({ input: jsonSchema({ $schema: "http://json-schema.org/draft-07/schema#", type: "object" }) }),
    /draft-07/,
    /JSON Schema 2020-12/,
  ],
  [
    "a part that is no schema",
    read({ output: input, include: { more: jsonSchema({ required: "id" }) } }),
    /\/required must be array/,
    /JSON Schema 2020-12/,
  ],
  ["a schema without a bottom", read({ input: jsonSchema(nested(60)) }), /nested deeper/, /\$defs/],
];

function nested(depth: number): Record<string, unknown> {
  return depth === 0 ? { type: "object" } : { type: "object", properties: { a: nested(depth - 1) } };
}

describe("a tool is refused when the gate is built", () => {
  it.each(refused)("[T1] for %s, naming domain, tool and cure (SECURITY 25)", (...[, ...refusal]) => {
    const { message, place } = refusalOf(refusal[0]);
    expect(place).toEqual(["things", true]);
    expect(message).toMatch(refusal[1]);
    expect(message).toMatch(refusal[2]);
  });

  it("[G1] for a name that reads like another's (SECURITY 2)", () => {
    const domain = defineDomain("things", about);
    domain.read("get_thing", good);
    const other = defineDomain("others", about);
    other.read("getthing", good);
    expect(() => gateOf(domain, other)).toThrow(
      /domain "others", tool "getthing": its name reads like "get_thing" of domain "things"/,
    );
  });
});

describe("a gate is refused", () => {
  it("[T1] for two prompts of one name, or two resources at one address, naming them as what they are", () => {
    const domain = defineDomain("things", about);
    for (const _twice of [1, 2]) domain.prompt({ name: "greet", get: () => "Hello." });
    expect(() => gateOf(domain)).toThrow(/domain "things", prompt "greet": its name reads like/);
    const other = defineDomain("things", about);
    for (const name of ["a", "b"]) other.resource({ name, uri: "things://a", read: () => ({ text: "" }) });
    expect(() => gateOf(other)).toThrow(/domain "things", resource "things:\/\/a": its address is that of/);
  });

  it("[T1] for two domains of one name", () => {
    expect(() => gateOf(defineDomain("things", about), defineDomain("things", about))).toThrow(/two domains/);
  });

  it("[T1] for a domain's name that is no part of an address", () => {
    expect(() => defineDomain("My Things", about)).toThrow(/Use lower-case letters/);
  });

  it("[G3] for a quota that is none, naming the domain", () => {
    const backend = { start: () => ({}), quota: "some" } as unknown as BackendDeclaration<object>;
    expect(() => gateOf(defineDomain("things", { ...about, backend }))).toThrow(
      /domain "things": its backend\.quota is "some"/,
    );
  });

  it.each([
    [{ limits: { rate: "often" } }, /"limits": its rate is "often"/],
    [{ limits: { guesses: "0/s" } }, /"limits": its guesses is "0\/s"/],
    [{ limits: { inFlight: Number.NaN } }, /"limits": its inFlight is NaN/],
    [{ keepWritesHours: 0 }, /keepWritesHours is 0.*from 1/],
    [{ audit: { maxPayloadBytes: -1 } }, /"audit": its maxPayloadBytes is -1/],
    [{ server: { maxBodyBytes: 0 } }, /"server": its maxBodyBytes is 0/],
  ])("[G3] for limits that limit nothing, or everything: %o", (limits, words) => {
    const config = { name: "g", domains: [], callers: {}, store: sqlite("never-opened/gate.db"), ...limits };
    expect(() =>
      createRegistry(config as unknown as GateConfig, [], { clock: Date.now, limiters: localLimiters(Date.now) }),
    ).toThrow(words);
  });

  it("[G3] for a backend with room for no call", () => {
    const backend = { start: () => ({}), concurrency: 0 };
    expect(() => gateOf(defineDomain("things", { ...about, backend }))).toThrow(
      /domain "things": its backend\.concurrency is 0/,
    );
  });

  it.each([
    [{ timeoutMs: 0 }, /its timeoutMs is 0/],
    [{ timeoutMs: 1e12 }, /its timeoutMs is 1000000000000/],
    [{ maxResultBytes: Number.NaN }, /its maxResultBytes is NaN/],
  ])("[G3] for a resource or prompt that nothing can be held to, naming it: %o", (rules, words) => {
    const withResource = defineDomain("things", about);
    withResource.resource({ name: "a", uri: "things://a", read: () => ({ text: "" }), ...rules });
    expect(() => gateOf(withResource)).toThrow(/domain "things", resource "things:\/\/a"/);
    expect(() => gateOf(withResource)).toThrow(words);
    const withPrompt = defineDomain("things", about);
    withPrompt.prompt({ name: "greet", get: () => "Hello.", ...rules });
    expect(() => gateOf(withPrompt)).toThrow(/domain "things", prompt "greet"/);
    expect(() => gateOf(withPrompt)).toThrow(words);
  });

  it.each([
    [[], /its smoke test calls none of its reads/],
    [
      [{ call: "make_thing", with: {} }],
      /its smoke test calls "make_thing", which is no read of it.*Its reads: get_thing/,
    ],
    [[{ call: "get_other", with: {} }], /"get_other"/],
    [[{ call: "get_thing", wiht: {} }], /"wiht", which the gate does not know\. Did you mean "with"\?/],
    [[{ call: "get_thing", with: {}, expct: () => false }], /Did you mean "expect"\?/],
    [
      [{ call: "get_thing", with: {}, expect: { id: "a" } }],
      /smoke\.checks\[0\]".*its expect is an object\. Give a function/,
    ],
    [[{ with: {} }], /it has no call/],
    [["get_thing"], /its check is "get_thing"\. Write it as an object/],
    [undefined, /its smoke test calls none of its reads/],
  ])("[W5] for a smoke test that shows nothing, or would do something: %o", (checks, words) => {
    const domain = defineDomain("things", { ...about, smoke: { checks: checks as [] } });
    domain.read("get_thing", good);
    domain.write("make_thing", { ...good, plan: () => ({ preview: {} }), commit: () => ({}) });
    expect(() => gateOf(domain)).toThrow(words);
  });

  it.each([
    [{ cron: "0 25 * * *" }, /its schedule "0 25 \* \* \*" \(UTC\) is none/],
    [{ cron: "0 3 * * *", timeZone: "Europe/Nowhere" }, /its schedule "0 3 \* \* \*" \(Europe\/Nowhere\) is none/],
  ])(
    "[T1] for a schedule that is none, where this process does no long work too, and leaves no file behind: %o",
    async (schedule, words) => {
      const domain = defineDomain("things", about);
      domain.read("get_thing", { ...good, input: z.object({}), longRunning: { schedule } });
      const config = defineGate({ name: "g", domains: [domain], callers: {}, store: sqlite("never-opened/gate.db") });
      const opening = createGate(config, { takesTasks: false });
      await expect(opening).rejects.toThrow(DefinitionError);
      await expect(opening).rejects.toThrow(words);
      expect(existsSync("never-opened")).toBe(false);
    },
  );

  it("[T1] without a domain, and leaves no file behind", async () => {
    const config = defineGate({ name: "g", domains: [], callers: {}, store: sqlite("never-opened/gate.db") });
    await expect(createGate(config)).rejects.toThrow(/no domains/);
  });
});
