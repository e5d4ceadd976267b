import { describe, expect, it } from "vitest";
import { DefinitionError } from "../../../define/definition-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { openapi } from "../openapi.ts";
import { read } from "../operation-options.ts";
import type { ApiPaging } from "./paging.ts";

const list = { type: "array", items: { type: "string" } };
const paged = { type: "object", properties: { next: { type: ["string", "null"] } } };
const pets = { type: "object", properties: { pets: list, total: { type: "integer" }, ...paged.properties } };
const components = { schemas: { Paged: paged, Pets: { allOf: [{ $ref: "#/components/schemas/Paged" }, pets] } } };

/** A domain with one paged operation, whose answers have this schema; undefined where its document has none. */
function declare(schema: JsonObject | undefined, page: Readonly<Record<string, unknown>>): unknown {
  const content = { "application/json": schema === undefined ? {} : { schema } };
  const parameters = [{ name: "after", in: "query", schema: { type: "string" } }];
  const get = { operationId: "listPets", summary: "List", parameters, responses: { "200": { content } } };
  return openapi("pets", {
    owner: "o",
    purpose: "p",
    concern: "c",
    document: {
      openapi: "3.1.0",
      servers: [{ url: "https://api.example.com" }],
      paths: { "/pets": { get } },
      components,
    },
    serve: { listPets: read({ page: { param: "after", ...page } as ApiPaging }) },
  });
}

const cursor = (next: string): Readonly<Record<string, unknown>> => ({ by: "cursor", next });

describe("[G6] pages that are looked for where no answer has them", () => {
  it.each<[string, JsonObject, Readonly<Record<string, unknown>>, string]>([
    ["a cursor", pets, cursor("/nxt"), 'Did you mean "/next"?'],
    ["one in the parts of a schema", { $ref: "#/components/schemas/Pets" }, cursor("/nxt"), 'Did you mean "/next"?'],
    ["one further down", { properties: { meta: paged } }, cursor("/meta/cursor"), "There it has next."],
    ["one in what is no object", { properties: { meta: { type: "string" } } }, cursor("/meta/x"), "no fields"],
    ["one in a list", { type: "array", items: paged }, cursor("/next"), "no fields"],
    ["what is no pointer", pets, cursor("next"), 'Write "/next".'],
    ["the items", pets, { by: "link", items: "/pest" }, 'Did you mean "/pets"?'],
    ["the total", pets, { by: "offset", total: "/totals" }, 'Did you mean "/total"?'],
  ])("are refused when the gate is built: %s", (...[, schema, page, words]) => {
    expect(() => declare(schema, page)).toThrow(DefinitionError);
    expect(() => declare(schema, page)).toThrow(words);
  });

  it.each<[string, JsonObject | undefined, Readonly<Record<string, unknown>>]>([
    ["are there", pets, { by: "offset", items: "/pets", total: "/total" }],
    ["are in a part", { $ref: "#/components/schemas/Pets" }, cursor("/next")],
    ["are in one of several forms", { oneOf: [{ type: "object", properties: {} }, pets] }, cursor("/next")],
    ["are the answer itself", list, { by: "offset", items: "" }],
    ["are within an item", { type: "array", items: paged }, cursor("/0/next")],
    ["may be there, as the document says nothing of answers", undefined, cursor("/nxt")],
    ["may be there, as it names no fields", { type: "object" }, cursor("/nxt")],
    ["may be there, as answers have more than it names", { ...pets, additionalProperties: true }, cursor("/nxt")],
  ])("are taken where they %s", (_what, schema, page) => {
    expect(() => declare(schema, page)).not.toThrow();
  });
});
