import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineDomain } from "../define/domain.ts";
import { parseUriTemplate } from "./compile/uri-template.ts";
import { openTestGate, type TestGate } from "./testing/open-test-gate.ts";

const stays = defineDomain("stays", { owner: "o", purpose: "p", concern: "c" });
stays.read("get_stay", { description: "Gets a stay.", input: z.object({}), run: () => "" });
stays.resource({ name: "rules", uri: "stays://rules", mimeType: "text/plain", read: () => ({ text: "No smoking." }) });
stays.resource({
  name: "city",
  uri: "stays://{city}/today",
  complete: { city: (typed) => ["Lisbon", "Lima", "Oslo"].filter((name) => name.startsWith(typed)) },
  read: ({ city }) => (city === "Nowhere" ? undefined : { text: `Today in ${city}.` }),
});
stays.resource({ name: "secret", uri: "stays://secret", scope: "stays:secret", read: () => ({ text: "hunter2" }) });
stays.prompt({
  name: "welcome",
  description: "Welcomes a guest.",
  arguments: {
    guest: { required: true },
    tone: { complete: () => Array.from({ length: 150 }, (_, at) => `tone ${at}`) },
  },
  get: ({ guest, tone }) => `Welcome ${guest}${tone === undefined ? "" : `, ${tone}`}.`,
});

const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
const meta = { "org.example/kept": [1] };
notes.resource({
  name: "note",
  uri: "notes://one",
  scope: "notes",
  read: (_, { clientMeta }) => ({ contents: [{ text: JSON.stringify(clientMeta), _meta: meta }], meta }),
});
notes.prompt({
  name: "greet",
  scope: "notes",
  description: "Greets.",
  get: () => ({
    description: "Greets Ann.",
    messages: [{ role: "user", content: { type: "text", text: "Hi" } }],
    meta,
  }),
});

/** Gives what it is told to by the last part of its address or its argument; typed as wrongly as JavaScript may be. */
const odd = (what: string | undefined): never => JSON.parse(what ?? "null") as never;
const odds = defineDomain("odds", { owner: "o", purpose: "p", concern: "c" });
odds.resource({ name: "odd", uri: "odds://{what}", scope: "odds", read: ({ what }) => odd(what) });
odds.prompt({
  name: "odd",
  scope: "odds",
  arguments: { what: {} },
  get: ({ what }) => (what === undefined ? what : odd(what)) as never,
});

let gate: TestGate;
beforeAll(async () => {
  gate = await openTestGate([stays, odds, notes]);
});
afterAll(() => gate.close());

const clerk = () => gate.as("clerk:cora");
const read = (uri: string) => clerk().request("resources/read", { uri });

describe("resources", () => {
  it("[C2] are listed and read by one answer to what the caller sees", async () => {
    const { result } = await clerk().request("resources/list", {});
    expect(result?.["resources"]).toEqual([{ uri: "stays://rules", name: "rules", mimeType: "text/plain" }]);
    const { result: templates } = await clerk().request("resources/templates/list", {});
    expect(templates?.["resourceTemplates"]).toMatchObject([{ uriTemplate: "stays://{city}/today", name: "city" }]);
    expect((await gate.as("ann").request("resources/read", { uri: "stays://secret" })).result).toBeDefined();
  });

  it("[C2] that are hidden answer as what does not exist", async () => {
    const [hidden, absent] = [await read("stays://secret"), await read("stays://secreu")];
    const bytes = (answer: unknown, uri: string) => JSON.stringify(answer).replaceAll(uri, "URI");
    expect(bytes(hidden.answer, "stays://secret")).toBe(bytes(absent.answer, "stays://secreu"));
  });

  it("[T1] name the address that was read, with the template's variables decoded", async () => {
    const reply = await read("stays://S%C3%A3o%20Paulo/today");
    expect(reply.result?.["contents"]).toEqual([
      { uri: "stays://S%C3%A3o%20Paulo/today", text: "Today in São Paulo." },
    ]);
    expect((await read("stays://rules")).result?.["contents"]).toMatchObject([{ mimeType: "text/plain" }]);
  });

  it("[T1] say in _meta what they have to, and are told what is the client's own in it", async () => {
    const own = { "org.example/asked": true };
    const told = { ...own, progressToken: 1, "io.callgate/identity": {}, "io.modelcontextprotocol/logLevel": "debug" };
    const reply = await gate.as("ann").request("resources/read", { uri: "notes://one" }, { meta: told });
    expect(reply.meta).toEqual(meta);
    expect(reply.result?.["contents"]).toEqual([{ uri: "notes://one", text: JSON.stringify(own), _meta: meta }]);
  });

  it("[T4] that are not there are an error for the client", async () => {
    expect((await read("stays://Nowhere/today")).answer).toMatchObject({ kind: "error", code: -32_602 });
    expect((await read("stays://a%ZZ/today")).answer).toMatchObject({ kind: "error", code: -32_602 });
  });
});

describe("what does not fit", () => {
  it.each([
    "null",
    "7",
    "[7]",
    "{}",
    '{"text":7}',
    '[{"text":"a"},{"mimeType":"text/plain"}]',
    '{"contents":7}',
    '{"contents":[],"meta":7}',
  ])("[T1] does not leave as a resource: %s", async (what) => {
    const uri = `odds://${encodeURIComponent(what)}`;
    expect((await gate.as("ann").request("resources/read", { uri })).code).toBe("result_invalid");
  });

  it.each([undefined, "null", "7", "{}", "[7]", '[{"role":"user"}]', '[{"role":"system","content":{"type":"text"}}]'])(
    "[T1] does not leave as a prompt: %s",
    async (what) => {
      const params = { name: "odd", arguments: what === undefined ? {} : { what } };
      expect((await gate.as("ann").request("prompts/get", params)).code).toBe("result_invalid");
    },
  );
});

describe("prompts", () => {
  const get = (args?: object) =>
    clerk().request("prompts/get", { name: "welcome", ...(args !== undefined && { arguments: args }) });

  it("[T1] give messages for their arguments", async () => {
    expect((await get({ guest: "Ann" })).result).toEqual({
      description: "Welcomes a guest.",
      messages: [{ role: "user", content: { type: "text", text: "Welcome Ann." } }],
    });
  });

  it("[T1] say more than their messages where they have to", async () => {
    const { result, meta: said } = await gate.as("ann").request("prompts/get", { name: "greet" });
    expect(result).toMatchObject({ description: "Greets Ann.", messages: [{ content: { text: "Hi" } }] });
    expect(said).toEqual(meta);
  });

  it.each([undefined, {}, { guest: 7 }, []])("[T4] say which arguments are missing or wrong: %j", async (args) => {
    expect((await get(args)).answer).toMatchObject({ kind: "error", code: -32_602 });
  });
});

describe("completion", () => {
  const complete = async (ref: object, name: string, value: string) =>
    (await clerk().request("completion/complete", { ref, argument: { name, value } })).result?.["completion"];

  it("[T1] suggests values for a template's variable and a prompt's argument, a hundred at most", async () => {
    const city = { type: "ref/resource", uri: "stays://{city}/today" };
    expect(await complete(city, "city", "Li")).toEqual({ values: ["Lisbon", "Lima"], total: 2, hasMore: false });
    const tones = await complete({ type: "ref/prompt", name: "welcome" }, "tone", "");
    expect(tones).toMatchObject({ total: 150, hasMore: true });
    expect((tones as { values: string[] }).values).toHaveLength(100);
  });

  it("[T1] has nothing to say of what it does not know", async () => {
    expect(await complete({ type: "ref/prompt", name: "welcome" }, "constructor", "")).toMatchObject({ values: [] });
  });
});

describe("a template of addresses", () => {
  it("[T1] takes one part of a path for a variable, and everything else literally", () => {
    const template = parseUriTemplate("a.b://{x}/(c)/{y}");
    expect(template.match("a.b://1/(c)/2")).toEqual({ x: "1", y: "2" });
    for (const other of ["aXb://1/(c)/2", "a.b://1/c/2", "a.b://1/2/(c)/3", "a.b:///(c)/2", "a.b://1/(c)/2?z"])
      expect(template.match(other)).toBeUndefined();
  });

  it("[T1] gives the first of several variables in one part the most, and each something", () => {
    const both = parseUriTemplate("repo://{owner}-{name}/x{a}{b}");
    expect(both.match("repo://a-b-c/xyz")).toEqual({ owner: "a-b", name: "c", a: "y", b: "z" });
    expect(both.match("repo://a--/xyzz")).toEqual({ owner: "a", name: "-", a: "yz", b: "z" });
    for (const other of ["repo://-b/xyz", "repo://a-/xyz", "repo://ab/xyz", "repo://a-b/xy", "repo://a-b/yyz"])
      expect(both.match(other)).toBeUndefined();
  });

  it("[T1] takes what the pattern takes that says the same", () => {
    const piece = fc.constantFrom("{a}", "{b}", "-", "--", "/", "x", "-x");
    const given = fc.array(fc.constantFrom("-", "x", "y", "/", "?"), { maxLength: 14 });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 7 }), given, (pieces, characters) => {
        const variables = pieces.filter((each) => each.startsWith("{"));
        const pattern = pieces.map((each) => (each.startsWith("{") ? "([^/?#]+)" : each)).join("");
        const [, ...taken] = new RegExp(`^y${pattern}$`).exec(`y${characters.join("")}`) ?? [];
        const values = variables.map((each, at) => [each.slice(1, -1), taken[at]] as const);
        const expected = values.length === 0 || taken.length === 0 ? undefined : Object.fromEntries(values);
        fc.pre(variables.length > 0);
        expect(parseUriTemplate(`y${pieces.join("")}`).match(`y${characters.join("")}`)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it("[T1] does not try again for longer what does not fit, and takes no address without end (SECURITY 25)", () => {
    const template = parseUriTemplate("repo://{a}-{b}-{c}-{d}-{e}/issues");
    const began = performance.now();
    for (const length of [8_000, 100_000]) expect(template.match(`repo://${"-".repeat(length)}`)).toBeUndefined();
    // With backtracking: longer than any run of tests.
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(parseUriTemplate("a://{x}").match(`a://${"x".repeat(8_000)}`)).toBeDefined();
    expect(parseUriTemplate("a://{x}").match(`a://${"x".repeat(8_200)}`)).toBeUndefined();
  });
});
