import { openapi, read, write } from "callgate";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { PetApi, sendJson } from "../../packages/callgate/src/upstream/openapi/testing/pet-api.ts";

const TOKEN = "svc_4f9d2c7e61ab";
let api: PetApi;
let foreign: PetApi;
let gate: TestGate;

beforeAll(async () => {
  api = await PetApi.start();
  foreign = await PetApi.start();
  const pets = openapi("pets", {
    owner: "o",
    purpose: "p",
    concern: "c",
    document: new URL("../../packages/callgate/src/upstream/openapi/testing/pets-3-1.yaml", import.meta.url),
    baseUrl: `${api.url}/v1`,
    credential: { headers: () => ({ authorization: `Bearer ${TOKEN}` }), refused: () => false },
    serve: {
      listPets: read({ page: { by: "cursor", param: "after", next: "/next_cursor" } }),
      getPet: read(),
      readNote: read(),
      "GET /pets/{petId}/photos": read({ as: "list_photos", page: { by: "link", param: "page" } }),
      createPet: write({ repeat: "allow" }),
    },
  });
  gate = await openTestGate([pets]);
});
beforeEach(() => {
  api.reset();
  foreign.reset();
});
afterAll(async () => {
  await gate.close();
  await api[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
});

const redirectTo = (status: number, location: string): void => {
  api.answer = (_, response) => void response.writeHead(status, { location }).end();
};

it("SECURITY 24: a redirection to another origin is not followed, by whatever status and spelling", async () => {
  const { port } = new URL(foreign.url);
  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of [
      `${foreign.url}/v1/pets/1`,
      `//127.0.0.1:${port}/v1/pets/1`,
      `http://localhost:${port}/`,
      `http://2130706433:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      "http://169.254.169.254/latest/meta-data/",
      "file:///etc/passwd",
    ]) {
      redirectTo(status, location);
      expect((await gate.call("get_pet", { petId: 1 })).code).toBe("api_redirected");
    }
  }
  expect(foreign.received).toEqual([]);
});

it("SECURITY 24: a redirection within the origin is followed by reads alone, three times at most", async () => {
  redirectTo(302, "/v1/pets/1?again");
  api.received.length = 0;
  expect((await gate.call("get_pet", { petId: 1 })).code).toBe("api_redirected");
  expect(api.received).toHaveLength(4);
  api.received.length = 0;
  redirectTo(307, "/v1/pets");
  const reply = await gate.call("create_pet", { name: "Kim", kind: "dog" });
  expect(reply.code).toBe("outcome_unknown");
  expect(api.received).toHaveLength(1);
});

it("SECURITY 24: the address of a next page leads nowhere: only its one parameter is used", async () => {
  api.answer = (_, response) => {
    response.setHeader("link", `<${foreign.url}/v1/secrets?page=2&account=other>; rel="next"`);
    sendJson(response, 200, []);
  };
  const { structured } = await gate.call("list_photos", { petId: 1 });
  expect(structured?.["page"]).toEqual({ returned: 0, cursor: "2" });
  await gate.call("list_photos", { petId: 1, cursor: "2&account=other#" });
  expect(api.last.url).toBe("/v1/pets/1/photos?page=2%26account%3Dother%23");
  expect(foreign.received).toEqual([]);
});

it("SECURITY 29: a value of a path stays in its place", async () => {
  for (const name of [
    "..",
    ".",
    "../pets/1",
    "..\\pets",
    "a/../../admin",
    "%2e%2e",
    "%2e%2e%2fadmin",
    "%252e%252e",
    "..;/admin",
    "a\0b",
    "a\r\nb",
    "",
  ])
    expect((await gate.call("read_note", { name })).code).toBe("invalid_arguments");
  expect(api.received).toEqual([]);
  await gate.call("read_note", { name: "//evil.example/?x=1#y" });
  expect(api.last.url).toBe("/v1/notes/%2F%2Fevil.example%2F%3Fx%3D1%23y");
});

it("SECURITY 29: a value of a header is one line, and stands for no other header", async () => {
  for (const value of ["a\r\nauthorization: Bearer mine", "a\nb", "a\0b", " a", "é"])
    expect((await gate.call("list_pets", { "X-Clinic": value })).code).toBe("invalid_arguments");
  expect(api.received).toEqual([]);
});

it("SECURITY 5: neither the caller's credential nor the service's is seen where it does not belong", async () => {
  const caller = "caller-secret-77aa31";
  const echo = (status: number): void => {
    api.answer = ({ headers }, response) =>
      sendJson(response, status, { id: 1, kind: "dog", name: `you sent ${headers["authorization"]}`, detail: headers });
  };
  for (const status of [200, 400, 401, 500]) {
    echo(status);
    const reply = await gate.as(caller).call("get_pet", { petId: 1 });
    expect(JSON.stringify(reply)).not.toContain(TOKEN);
    expect(api.last.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
    expect(JSON.stringify(api.last)).not.toContain(caller);
  }
  echo(201);
  await gate.call("create_pet", { name: "Kim", kind: "dog" });
  const { records } = await gate.gate.store.audit.search({ limit: 50 });
  expect(records.length).toBeGreaterThan(0);
  expect(JSON.stringify([records, gate.logged])).not.toContain(TOKEN);
});
