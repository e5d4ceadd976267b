import { describe, expect, it } from "vitest";
import { DefinitionError } from "../../define/definition-error.ts";
import { openapi } from "./openapi.ts";
import { destructive, read, write } from "./operation-options.ts";

const number = { name: "page", in: "query", schema: { type: "integer" } };
const ok = { responses: { "204": {} }, summary: "Does something", parameters: [number] };
const things = { get: { operationId: "listThings", ...ok }, post: { operationId: "createThing", ...ok } };
const document = { openapi: "3.1.0", servers: [{ url: "https://api.example.com" }], paths: { "/things": things } };

/** As a config in JavaScript says it, whose types nobody has checked. */
function define(options: object): unknown {
  const explained = { owner: "o", purpose: "p", concern: "c", document };
  return openapi("things", { ...explained, serve: { listThings: read() }, ...options });
}

const list = (served: unknown): object => ({ serve: { listThings: served } });
const create = (served: unknown): object => ({ serve: { createThing: served } });
const reading = (options: object): object => list({ ...options, effect: "read" });
const writing = (options: object): object => create({ ...options, effect: "write" });

describe("[G6] what the operator has written of an API, and cannot mean, is refused at the start", () => {
  it.each<[string, object, RegExp]>([
    ["required by a word", { required: "no" }, /"things": its required is "no"\. Use true or false\./],
    ["bytes in a text", { maxAnswerBytes: "1" }, /its maxAnswerBytes is "1"\. Use a whole number/],
    ["no bytes", { maxAnswerBytes: 0 }, /its maxAnswerBytes is 0/],
    ["calls at once", { concurrency: "64" }, /its concurrency is "64"/],
    ["a quota", { quota: 600 }, /its quota is 600\. Write calls per time/],
    ["words for errors", { errors: "none" }, /its errors is "none"\. Give a function/],
    ["a key by true", { idempotencyHeader: true }, /its idempotencyHeader is true\. Name a header/],
    ["a key by words", { idempotencyHeader: "Idempotency Key" }, /Name a header: "Idempotency-Key"/],
    ["an endpoint", { endpoint: "onw" }, /Use one of shared, own/],
    ["health by true", { health: true }, /its health is true/],
    ["no credential", { credential: null }, /nothing says how it is shown/],
    ["a misspelt field of the smoke test", { smoke: { checks: [], refuseWrites: {} } }, /Did you mean "refusesWrites"/],
    ["no document", { document: undefined }, /it has no document\. Name its file/],
    ["nothing served", { serve: undefined }, /it has no serve\. Say of each what it is/],
    ["a word as operation", list("read"), /Say of each what it is: serve: \{ listPets: read\(\) \}/],
    ["the function itself", list(read), /Say of each what it is/],
    [
      "no effect",
      create({}),
      /"serve\.createThing", domain "things": it has no effect\. Use one of read, write, destructive/,
    ],
    ["an effect that is none", create({ effect: "destroy" }), /its effect is "destroy"\. Use one of read/],
    ["a read by another spelling", list({ effect: "READ" }), /its effect is "READ"/],
    ["a misspelt rule", writing({ scpoe: "a" }), /"scpoe", which the gate does not know\. Did you mean "scope"/],
    [
      "a rule of a write at a read",
      reading({ dryRun: { query: { a: "b" } } }),
      /"dryRun", which the gate does not know/,
    ],
    ["a rule of a read at a write", writing({ page: {} }), /"page", which the gate does not know/],
    ["that it only looks, by a word", reading({ changesNothing: "yes" }), /its changesNothing is "yes"/],
    ["recoverable by a word", create(destructive({ recoverable: "no" as never })), /its recoverable is "no"/],
    ["a pick that is no list", reading({ pick: "id" }), /its pick is "id"\. Give a list of texts/],
    ["a field fixed to nothing", reading({ fixed: { page: undefined } }), /its `fixed` gives "page" no value/],
    ["an input that is no function", reading({ input: {} }), /its input is an object\. Give a function/],
    [
      "pages by nothing",
      reading({ page: { param: "page" } }),
      /"serve\.listThings\.page", domain "things": it has no by/,
    ],
    [
      "pages by what is none",
      reading({ page: { by: "pages", param: "page" } }),
      /its by is "pages"\. Use one of cursor/,
    ],
    ["pages without a next", reading({ page: { by: "cursor", param: "page" } }), /it has no next/],
    ["a misspelt field of pages", reading({ page: { by: "link", param: "page", itms: "" } }), /Did you mean "items"/],
    ["pages with a number", reading({ page: { by: "offset", param: "page", first: "1" } }), /its first is "1"/],
    ["a misspelt field of a dry run", writing({ dryRun: { qery: { a: "b" } } }), /Did you mean "query"/],
    ["a lookup by its name", writing({ lookup: "listThings" }), /its lookup is "listThings"/],
    ["a lookup with nothing", writing({ lookup: { operation: "listThings" } }), /it has no with\. Give a function/],
  ])("%s", (_, options, told) => {
    expect(() => define(options)).toThrow(DefinitionError);
    expect(() => define(options)).toThrow(told);
  });

  it.each([{}, { query: {} }, { show: () => ({}) }])("[W1] a dry run that would be the write itself: %j", (dryRun) => {
    expect(() => define(create(write({ dryRun })))).toThrow("a preview would do what it shows");
  });

  it.each([true, "validate_only=true"])("[W1] a dry run that says nothing to the API: %j", (dryRun) => {
    expect(() => define(writing({ dryRun }))).toThrow(/its dryRun is .*validate_only: "true"/);
  });

  it.each([undefined, null, "petstore.yaml"])("options that are none: %s", (options) => {
    expect(() => openapi("things", options as never)).toThrow(/"things": its options is .*Write it as an object/);
  });

  it("and what can be meant is not", () => {
    const all = { required: false, maxAnswerBytes: 1_000, concurrency: 1, quota: "60/min", idempotencyHeader: "X-Key" };
    const page = { by: "page", param: "page", first: 0, total: "/total" } as const;
    const rules = { scope: "a", guard: () => true, rate: "1/s", impact: "normal" } as const;
    expect(() => define({ ...all, serve: { listThings: read({ ...rules, page }) } })).not.toThrow();
    const written = write({ ...rules, approval: "owner", repeat: "allow", dryRun: { header: { "X-Dry-Run": "1" } } });
    expect(() => define(create(written))).not.toThrow();
  });
});
