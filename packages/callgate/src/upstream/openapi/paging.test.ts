import { expect, it } from "vitest";
import { openTestGate } from "../../gate/testing/open-test-gate.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { openapi } from "./openapi.ts";
import { read } from "./operation-options.ts";
import { PetApi, sendJson } from "./testing/pet-api.ts";

const text = { type: "string" };
const inBody = (schema: JsonObject): JsonObject => ({
  requestBody: { required: false, content: { "application/json": { schema } } },
});
const parameters = (...all: readonly (readonly [name: string, place: string])[]): JsonObject => ({
  parameters: all.map(([name, place]) => ({ name, in: place, required: place === "path", schema: text })),
});

interface Case {
  readonly name: string;
  readonly path: string;
  readonly operation: JsonObject;
  readonly given: JsonObject;
  readonly asked: { readonly url: string; readonly cookie?: string; readonly body?: unknown };
}

it.each<Case>([
  {
    name: "a body that need not be there",
    path: "/search",
    operation: inBody({ type: "object", properties: { name: text, after: text } }),
    given: {},
    asked: { url: "/search", body: { after: "p2" } },
  },
  {
    name: "a body beside what the caller gives",
    path: "/search",
    operation: inBody({ type: "object", properties: { name: text, after: text } }),
    given: { name: "Kim" },
    asked: { url: "/search", body: { name: "Kim", after: "p2" } },
  },
  {
    name: "a cookie beside another",
    path: "/search",
    operation: parameters(["after", "cookie"], ["name", "cookie"]),
    given: { name: "Kim" },
    asked: { url: "/search", cookie: "name=Kim; after=p2" },
  },
  {
    name: "a query beside another parameter",
    path: "/search",
    operation: parameters(["after", "query"], ["name", "query"]),
    given: { name: "Kim" },
    asked: { url: "/search?name=Kim&after=p2" },
  },
])("[G6] [T5] a cursor that the API takes in $name arrives there", async ({ path, operation, given, asked }) => {
  await using api = await PetApi.start();
  api.answer = (_, response) => sendJson(response, 200, { data: [{ id: 1 }], next: "p2" });
  const data = { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } };
  const schema = { type: "object", properties: { data, next: text } };
  const responses = { 200: { description: "", content: { "application/json": { schema } } } };
  const search = { operationId: "searchPets", summary: "Search the pets of the clinic", responses, ...operation };
  const pets = openapi("pets", {
    owner: "team-pets",
    purpose: "The books of a clinic.",
    concern: "No pet is lost.",
    document: { openapi: "3.1.0", info: { title: "pets", version: "1" }, paths: { [path]: { post: search } } },
    baseUrl: api.url,
    serve: { searchPets: read({ changesNothing: true, page: { by: "cursor", param: "after", next: "/next" } }) },
  });
  const gate = await openTestGate([pets]);
  try {
    const first = await gate.call("search_pets", given);
    expect(first.structured?.["page"]).toEqual({ returned: 1, cursor: "p2" });
    const second = await gate.call("search_pets", { ...given, cursor: "p2" });
    expect(second.structured?.["page"]).toEqual({ returned: 1 });
    const { url, headers, body } = api.last;
    expect({ url, cookie: headers["cookie"], body: body === "" ? undefined : JSON.parse(body) }).toEqual(asked);
  } finally {
    await gate.close();
  }
});
