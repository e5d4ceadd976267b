import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../../gate/testing/open-test-gate.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { openapi } from "./openapi.ts";
import { read, write } from "./operation-options.ts";
import { PetApi, sendJson } from "./testing/pet-api.ts";

const pet = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "string" }, of: { $ref: "#/components/schemas/Pet" } },
};
const withBody = (schema: JsonObject): JsonObject => ({ description: "", content: { "application/json": { schema } } });
const document: JsonObject = {
  openapi: "3.1.0",
  paths: {
    "/pet": {
      get: {
        operationId: "getPet",
        summary: "Get the pet of the day",
        responses: { "200": withBody({ $ref: "#/components/schemas/Pet" }), "204": { description: "There is none." } },
      },
      put: {
        operationId: "putPet",
        summary: "Put a pet in its place",
        requestBody: { content: { "application/json": { schema: pet } } },
        responses: { "200": withBody({ $ref: "#/components/schemas/Pet" }), "202": { description: "Later." } },
      },
    },
    "/pets": {
      get: {
        operationId: "listPets",
        summary: "List the pets of the day",
        parameters: [{ name: "page", in: "query", schema: { type: "integer" } }],
        responses: { "200": withBody({ type: "array", items: pet }), "204": { description: "There are none." } },
      },
    },
  },
  components: { schemas: { Pet: pet } },
};

let api: PetApi;
let gate: TestGate;
beforeAll(async () => {
  api = await PetApi.start();
  const serve = { getPet: read(), putPet: write(), listPets: read({ page: { by: "page", param: "page" } }) };
  const about = { owner: "o", purpose: "p", concern: "c" };
  gate = await openTestGate([openapi("pets", { ...about, document, baseUrl: api.url, serve })]);
});
afterAll(async () => {
  await gate.close();
  await api[Symbol.asyncDispose]();
});

it("[G6] an answer without a body, where the document has one beside that with a body, is its status", async () => {
  api.answer = ({ method }, response) => response.writeHead(method === "PUT" ? 202 : 204).end();
  expect((await gate.call("get_pet")).structured).toEqual({ status: 204 });
  expect((await gate.call("put_pet", { id: "a" })).structured).toEqual({ status: 202 });
  expect((await gate.call("list_pets")).structured).toEqual({ status: 204, page: { returned: 0 } });
});

it("[G6] one with a body is what it says, and nothing that the document does not declare", async () => {
  api.answer = (_, response) => sendJson(response, 200, { id: "a", status: "secret", of: { id: "b", status: 1 } });
  expect((await gate.call("get_pet")).structured).toEqual({ id: "a", of: { id: "b" } });
  api.answer = (_, response) => sendJson(response, 200, [{ id: "a", status: "secret" }]);
  expect((await gate.call("list_pets")).structured).toEqual({
    items: [{ id: "a" }],
    page: { returned: 1, cursor: "2" },
  });
});

it("[G6] an answer without a body is unreadable where the document has none", async () => {
  const responses = { "200": withBody(pet) };
  const closed = {
    ...document,
    paths: { "/pet": { get: { operationId: "getPet", summary: "Get the pet", responses } } },
  };
  const about = { owner: "o", purpose: "p", concern: "c" };
  const strict = await openTestGate([
    openapi("pets", { ...about, document: closed, baseUrl: api.url, serve: { getPet: read() } }),
  ]);
  api.answer = (_, response) => response.writeHead(204).end();
  expect((await strict.call("get_pet")).code).toBe("api_unreadable");
  await strict.close();
});

it("[G6] a text that cannot be read is no empty text", async () => {
  const responses = { "200": { description: "", content: { "text/plain": {}, "application/pdf": {} } } };
  const note = {
    ...document,
    paths: { "/note": { get: { operationId: "getNote", summary: "Get the note", responses } } },
  };
  const about = { owner: "o", purpose: "p", concern: "c" };
  const notes = await openTestGate([
    openapi("notes", { ...about, document: note, baseUrl: api.url, serve: { getNote: read() }, maxAnswerBytes: 100 }),
  ]);
  const answering = (type: string, body: Uint8Array): void => {
    api.answer = (_, response) => void response.writeHead(200, { "content-type": type }).end(body);
  };
  answering("application/pdf", Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0xff, 0xfe));
  expect((await notes.call("get_note")).error).toMatchObject({
    code: "api_unreadable",
    message: expect.stringContaining("where text belongs"),
  });
  answering("text/plain", Buffer.from("a".repeat(101)));
  expect((await notes.call("get_note")).code).toBe("api_unreadable");
  answering("text/plain", Buffer.from("a".repeat(100)));
  expect((await notes.call("get_note")).structured).toEqual({ text: "a".repeat(100) });
  await notes.close();
});
