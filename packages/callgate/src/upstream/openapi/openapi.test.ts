import { beforeAll, describe, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../../gate/testing/open-test-gate.ts";
import { TOKEN, usePets } from "./testing/pets-gate.ts";

const pets = await usePets(openTestGate);
const { api } = pets;

describe.each(["3-0", "3-1"])("a document of OpenAPI %s", (document) => {
  let gate: TestGate;
  beforeAll(async () => {
    gate = await pets.gate(document);
  });

  it("[G6] serves the operations that are named, and no other", async () => {
    const tools = await gate.as("ann").tools();
    expect([...tools.keys()]).toEqual(
      expect.arrayContaining([
        "book_visit",
        "create_pet",
        "delete_pet",
        "get_pet",
        "list_photos",
        "list_pets",
        "read_note",
        "search_owners",
        "update_pet",
      ]),
    );
    expect(tools.has("health")).toBe(false);
    expect((await gate.call("health")).code).toBe("unknown_tool");
    expect(tools.get("list_pets")).toMatchObject({
      description: "List the pets of a clinic. Newest first, page by page.",
      annotations: { readOnlyHint: true },
    });
    expect(tools.get("delete_pet")).toMatchObject({ annotations: { destructiveHint: true } });
  });

  it("[G6] derives a closed input of parameters and fields, without what the API or the config puts in", async () => {
    const tools = await gate.as("ann").tools();
    const input = tools.get("list_pets")?.["inputSchema"] as { properties: Record<string, unknown>; $defs: unknown };
    expect(Object.keys(input.properties).toSorted()).toEqual(["X-Clinic", "born", "cursor", "kind", "limit", "reason"]);
    expect(input.properties["limit"]).toEqual({
      type: "integer",
      format: "int32",
      exclusiveMinimum: 0,
      maximum: 50,
      description: "How many at once. Unless said otherwise: 20.",
    });
    expect(input.properties["kind"]).toEqual({ type: "array", items: { $ref: "#/$defs/Kind" } });
    expect(input.$defs).toEqual({ Kind: { type: "string", enum: ["dog", "cat", "parrot"] } });
    const created = tools.get("create_pet")?.["inputSchema"] as {
      properties: Record<string, unknown>;
      required: string[];
    };
    expect(created.required).toEqual(["name", "kind"]);
    expect(created.properties).not.toHaveProperty("id");
    expect(created.properties).not.toHaveProperty("X-Clinic");
    expect(created.properties["name"]).toEqual({ type: "string", minLength: 1, maxLength: 40, examples: ["Mia"] });
    expect(created.properties["chip"]).toEqual({ type: ["string", "null"] });
    expect(created.properties["weight"]).toEqual({ type: "number", exclusiveMinimum: 0 });
    // A default that a partial update sent along would overwrite what is there.
    expect(JSON.stringify(tools.get("update_pet"))).not.toContain('"default"');
  });

  it("[G6] sends what was given where the document says, with the service's credential alone", async () => {
    const reply = await gate.call("list_pets", {
      kind: ["dog", "cat"],
      limit: 5,
      born: { from: "2024-01-01" },
      "X-Clinic": "north",
    });
    expect(reply.error).toBeUndefined();
    expect(api.last).toMatchObject({
      method: "GET",
      url: "/v1/pets?kind=dog&kind=cat&limit=5&born%5Bfrom%5D=2024-01-01",
      headers: { authorization: `Bearer ${TOKEN}`, "x-clinic": "north" },
      body: "",
    });
    expect(api.last.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0\d$/);
    expect(JSON.stringify(api.last)).not.toContain("ann");
  });

  it("[G6] gives only what the output declares, at any depth", async () => {
    const listed = await gate.call("list_pets");
    expect(listed.structured).toEqual({
      data: [
        { id: 1, name: "Mia", kind: "cat", chip: null },
        { id: 2, name: "Rex", kind: "dog", mother: { id: 9, name: "Ada", kind: "dog" } },
      ],
      next_cursor: "2",
      page: { returned: 2, cursor: "2" },
    });
    const picked = await gate.call("get_pet", { id: 2 });
    expect(picked.structured).toEqual({ id: 2, name: "Rex", mother: { name: "Ada" } });
    expect(JSON.stringify([listed, picked])).not.toContain("ssn");
  });

  it("[G6] goes on page by page, by cursor, by link and by offset", async () => {
    const last = await gate.call("list_pets", { cursor: "2" });
    expect(api.last.url).toBe("/v1/pets?after=2");
    expect(last.structured?.["page"]).toEqual({ returned: 1 });

    const photos = await gate.call("list_photos", { petId: 1 });
    expect(photos.structured).toEqual({
      items: [{ url: "https://photos.example/1.jpg", caption: "number 1" }],
      page: { returned: 1, cursor: "2" },
    });
    expect((await gate.call("list_photos", { petId: 1, cursor: "3" })).structured?.["page"]).toEqual({ returned: 1 });
    expect(api.last.url).toBe("/v1/pets/1/photos?page=3");

    expect((await gate.call("search_owners", { name: "An" })).structured?.["page"]).toEqual({
      returned: 2,
      total: 3,
      cursor: "2",
    });
    expect((await gate.call("search_owners", { name: "An", cursor: "2" })).structured).toEqual({
      owners: [{ name: "Annabel" }],
      total: 3,
      page: { returned: 1, total: 3 },
    });
    expect(api.last.body).toBe('{"name":"An","offset":2}');
    expect((await gate.call("search_owners", { name: "An", cursor: "../1" })).code).toBe("cursor_invalid");
  });

  it("[G6] writes once, after a preview that shows the request and sends nothing", async () => {
    const preview = await gate.call("create_pet", { name: "Kim", kind: "dog", vet_note: "bites", dry_run: true });
    expect(api.received).toEqual([]);
    expect(preview.structured?.["preview"]).toEqual({
      action: "create_pet",
      request: {
        method: "POST",
        path: "/v1/pets",
        body: { name: "Kim", kind: "dog", vet_note: "bites" },
        set_by_the_gate: ["X-Clinic"],
      },
      note: "This API cannot preview: the request is what would be sent.",
    });
    const key = { idempotency_key: `kim-${document}`, preview_hash: preview.structured?.["preview_hash"] };
    const written = await gate.call("create_pet", { name: "Kim", kind: "dog", vet_note: "bites", ...key });
    expect(written.structured).toMatchObject({ name: "Kim", kind: "dog" });
    expect(written.structured).not.toHaveProperty("vet_note");
    expect(api.last).toMatchObject({
      method: "POST",
      url: "/v1/pets",
      headers: { "content-type": "application/json", "x-clinic": "clinic-of-ann" },
      body: '{"name":"Kim","kind":"dog","vet_note":"bites"}',
    });
    await gate.call("create_pet", { name: "Kim", kind: "dog", vet_note: "bites", idempotency_key: `kim-${document}` });
    expect(api.received).toHaveLength(1);
  });

  it("[G6] sends of a partial update what was given, and null where null is a value", async () => {
    await gate.call("update_pet", { petId: 1, name: "Mia II" });
    expect(api.last).toMatchObject({ method: "PATCH", url: "/v1/pets/1", body: '{"name":"Mia II"}' });
    expect((await gate.call("update_pet", { petId: 1, chip: null })).code).toBe("unknown_argument");
  });

  it("[G6] tells the branches of a union apart by their discriminator", async () => {
    expect((await gate.call("book_visit", { visit: { what: "check", pet: 1 } })).structured).toEqual({ status: 202 });
    expect(api.last.body).toBe('{"what":"check","pet":1}');
    expect((await gate.call("book_visit", { visit: { what: "bath", pet: 1 } })).code).toBe("invalid_arguments");
  });

  it("[G6] answers a DELETE with its status, and text as text", async () => {
    api.pets.set(77, { id: 77, name: "Old", kind: "dog" });
    expect((await gate.call("delete_pet", { petId: 77 })).structured).toEqual({ status: 204 });
    expect((await gate.call("read_note", { name: "on paws/2?" })).structured).toEqual({ text: "a note" });
    expect(api.last.url).toBe("/v1/notes/on%20paws%2F2%3F");
  });

  it("takes an id that is too long for a number by its digits, and gives it so", async () => {
    api.answer = (_, response) =>
      void response
        .setHeader("content-type", "application/json")
        .end('{"id":9007199254740993,"name":"Big","kind":"dog"}');
    expect((await gate.call("get_pet", { id: "9007199254740993" })).structured).toEqual({
      id: "9007199254740993",
      name: "Big",
    });
    expect(api.last.url).toBe("/v1/pets/9007199254740993");
    expect((await gate.call("get_pet", { id: "1/../2" })).code).toBe("invalid_arguments");
  });
});
