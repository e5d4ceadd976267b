import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, type Project } from "../testing/project.ts";
import { runCallgate } from "../testing/run-callgate.ts";

const document = `
openapi: 3.1.0
paths:
  /pets:
    get: { operationId: listPets, summary: List the pets }
    post: { operationId: createPet, summary: Register a pet }
  /pets/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { operationId: getPet, summary: Get one, responses: {} }
    patch: { operationId: changePet, responses: {} }
    delete: { summary: Take a pet out, responses: {} }
    put:
      operationId: replacePet
      summary: Replace a pet
      requestBody: { content: { application/json: { schema: { type: object, properties: { id: {} } } } } }
`;

describe("callgate openapi list", { timeout: 60_000 }, () => {
  let project: Project;
  beforeEach(() => {
    project = emptyFolder();
    project.write("pets.yaml", document);
  });
  afterEach(() => project.remove());

  it("[G6] shows every operation with the line that serves it, and what stands in its way", async () => {
    const { code, stdout, stderr } = await runCallgate(["openapi", "list", "pets.yaml"], project);
    expect(code).toBe(0);
    expect(stderr).toContain("6 operations");
    const lines = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));
    expect(lines).toEqual([
      "SERVE | OPERATION | WHAT IT DOES",
      "listPets: read(), | GET /pets | List the pets.",
      "createPet: write(), | POST /pets | Register a pet.",
      'getPet: read({ description: "…" }), | GET /pets/{id} | Get one.',
      'changePet: write({ description: "…" }), | PATCH /pets/{id}',
      '"DELETE /pets/{id}": destructive({ as: "delete_pets_id" }), | DELETE /pets/{id} | Take a pet out.',
      'replacePet: write(), | PUT /pets/{id} | Not as it is: it has two arguments "id": path.id and body.id. Rename one: rename: { "body.id": "body_id" }.',
      "",
    ]);
  });

  it("says it to programs as JSON, and of a file that is none what it is", async () => {
    const { stdout } = await runCallgate(["openapi", "list", "pets.yaml", "--json"], project);
    expect(JSON.parse(stdout)).toHaveProperty("0.serve", "listPets: read(),");
    project.write("old.json", '{ "swagger": "2.0" }');
    const old = await runCallgate(["openapi", "list", "old.json"], project);
    expect(old.code).not.toBe(0);
    expect(old.stderr).toContain("converters exist for Swagger 2.0");
  });
});
