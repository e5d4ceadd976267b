import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type CompiledOperation, compileOperation } from "../compile-operation.ts";
import type { ApiDocument } from "../document/api-document.ts";
import type { OperationOptions } from "../operation-options.ts";
import { SchemaConverter, type Side } from "./schema-converter.ts";

const place = { domain: "d" };

function document(version: ApiDocument["version"], schemas: JsonObject = {}, paths: JsonObject = {}): ApiDocument {
  return { version, root: { components: { schemas }, paths }, place };
}

function converted(schema: unknown, side: Side = "input"): unknown {
  return new SchemaConverter(document("3.0"), side).convert(schema);
}

describe("a schema of OpenAPI 3.0 in the words of JSON Schema 2020-12", () => {
  it.each<[string, unknown, unknown]>([
    ["nullable", { type: "string", nullable: true }, { type: ["string", "null"] }],
    [
      "nullable, of a list of values",
      { type: "string", enum: ["a"], nullable: true },
      { type: ["string", "null"], enum: ["a", null] },
    ],
    [
      "nullable, of a combination",
      { allOf: [{ type: "string" }], nullable: true, description: "d" },
      { description: "d", anyOf: [{ allOf: [{ type: "string" }] }, { type: "null" }] },
    ],
    [
      "an exclusive bound",
      { type: "number", minimum: 1, exclusiveMinimum: true },
      { type: "number", exclusiveMinimum: 1 },
    ],
    ["a bound that is not", { type: "number", maximum: 1, exclusiveMaximum: false }, { type: "number", maximum: 1 }],
    ["an example", { type: "string", example: "x" }, { type: "string", examples: ["x"] }],
    [
      "a default, which is the API's to fill in",
      { type: "integer", default: 3 },
      { type: "integer", description: "Unless said otherwise: 3." },
    ],
    [
      "what is said to readers",
      { type: "string", xml: {}, externalDocs: {}, "x-go": 1, title: "T" },
      { type: "string" },
    ],
    ["a format that nobody knows", { type: "string", format: "phone" }, { type: "string" }],
    ["what was once said of a field itself", { type: "string", required: true }, { type: "string" }],
    ["a pattern that this machine cannot read", { type: "string", pattern: "(?i)a" }, { type: "string" }],
  ])("%s", (_, schema, expected) => {
    expect(converted(schema)).toEqual(expected);
  });

  it("leaves out of each side what belongs to the other, also where another part demands it", () => {
    const schema = {
      allOf: [
        { required: ["id", "pin", "name"] },
        { properties: { id: { readOnly: true }, pin: { writeOnly: true }, name: {} } },
      ],
    };
    expect(converted(schema)).toEqual({
      allOf: [{ required: ["id", "pin", "name"] }, { properties: { pin: { writeOnly: true }, name: {} } }],
    });
    const flat = { properties: { id: { readOnly: true }, name: {} }, required: ["id", "name"] };
    expect(converted(flat)).toEqual({ properties: { name: {} }, required: ["name"] });
    expect(converted({ properties: { pin: { writeOnly: true } } }, "output")).toEqual({ properties: {} });
  });

  it("of what is answered keeps what it is, not how long or how many", () => {
    const schema = {
      type: "array",
      minItems: 1,
      items: { type: "string", pattern: "^a", maxLength: 3, format: "date" },
    };
    expect(converted(schema, "output")).toEqual({ type: "array", items: { type: "string" } });
  });
});

describe("references", () => {
  it("may go round in a circle through values, and not without one", () => {
    const tree = {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#/components/schemas/Tree" } } },
    };
    const converter = new SchemaConverter(document("3.1", { Tree: tree }), "input");
    const schema = {
      ...(converter.convert({ $ref: "#/components/schemas/Tree" }) as object),
      $defs: converter.definitions,
    };
    const validate = new Ajv2020().compile(schema);
    expect(validate({ children: [{ children: [] }] })).toBe(true);
    expect(validate({ children: [{ children: 1 }] })).toBe(false);
  });

  it("keep names apart that are alike", () => {
    const root = {
      components: { schemas: { Pet: { type: "object" } }, parameters: { Pet: { schema: { type: "string" } } } },
    };
    const converter = new SchemaConverter({ version: "3.1", root, place }, "input");
    expect(converter.convert({ $ref: "#/components/schemas/Pet" })).toEqual({ $ref: "#/$defs/Pet" });
    expect(converter.convert({ $ref: "#/components/parameters/Pet/schema" })).toEqual({ $ref: "#/$defs/schema" });
    const again = { properties: { a: { $ref: "#/components/schemas/Pet" } } };
    expect(converter.convert(again)).toEqual({ properties: { a: { $ref: "#/$defs/Pet" } } });
  });

  it.each<[string, JsonObject, string]>([
    ["to another file", { $ref: "pets.yaml#/Pet" }, "Bundle the files"],
    ["to another place of the net", { $ref: "https://evil.example/pet.json" }, "Bundle the files"],
    ["to nothing", { $ref: "#/components/schemas/Nothing" }, "is not there"],
    ["to itself", { $ref: "#/components/schemas/Loop" }, "leads to itself"],
    ["by $dynamicRef", { $dynamicRef: "#node" }, "uses $dynamicRef"],
  ])("%s are refused", (_, schema, words) => {
    const loop = { Loop: { $ref: "#/components/schemas/Knot" }, Knot: { $ref: "#/components/schemas/Loop" } };
    expect(() => new SchemaConverter(document("3.1", loop), "input").convert(schema)).toThrow(words);
  });
});

function compiled(operation: JsonObject, options: OperationOptions = {}, schemas: JsonObject = {}): CompiledOperation {
  const described = document("3.1", schemas, { "/things/{id}": { post: { operationId: "op", ...operation } } });
  const api = { document: described, basePath: "/v1", addressIsSaid: true, idempotencyHeader: undefined };
  return compileOperation(api, { name: "op", options, paging: undefined }, place);
}

const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
const json = (schema: JsonObject) => ({ content: { "application/json": { schema } } });

describe("the input of a tool", () => {
  it("takes the fields of a body that is put together beside parameters, closed in itself", () => {
    const schemas = {
      Base: {
        type: "object",
        required: ["a"],
        properties: { a: { type: "string" }, at: { type: "string", readOnly: true } },
      },
    };
    const body = {
      allOf: [
        { $ref: "#/components/schemas/Base" },
        { type: "object", required: ["b"], properties: { b: { type: "integer" } } },
      ],
    };
    const { input } = compiled({ parameters: [id], requestBody: { required: true, ...json(body) } }, {}, schemas);
    expect(input).toEqual({
      type: "object",
      properties: { id: { type: "string" }, a: { type: "string" }, b: { type: "integer" } },
      required: ["id", "a", "b"],
    });
  });

  it("keeps a body whole that is more than its fields", () => {
    for (const body of [
      { type: "array", items: { type: "string" } },
      { type: "object", additionalProperties: { type: "string" } },
      { type: "object", properties: { a: {} }, minProperties: 1 },
      { oneOf: [{ type: "object" }, { type: "string" }] },
    ])
      expect(compiled({ parameters: [id], requestBody: json(body) }).input).toMatchObject({
        properties: { body: {} },
        required: ["id"],
      });
  });

  it("asks for the whole of a body that may be left out, or for nothing of it", () => {
    const body = { type: "object", required: ["a"], properties: { a: { type: "string" }, b: { type: "string" } } };
    const { input } = compiled({ parameters: [id], requestBody: json(body) });
    const validate = new Ajv2020().compile(input);
    expect([{ id: "1" }, { id: "1", a: "x" }, { id: "1", b: "x" }].map((given) => validate(given))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("is the author's to change, down to what goes nowhere", () => {
    const body = {
      type: "object",
      properties: { id: { type: "string" }, size: { type: "integer" }, note: { type: "string" } },
    };
    const operation = { parameters: [id], requestBody: { required: true, ...json(body) } };
    const { input, shape } = compiled(operation, {
      rename: { "path.id": "thing_id", "body.id": "new_id" },
      omit: ["note"],
      fixed: { size: 3 },
      input: (schema) => {
        schema.properties["thing_id"] = { ...schema.properties["thing_id"], description: "Which." };
        return schema;
      },
    });
    expect(input).toEqual({
      type: "object",
      properties: { thing_id: { type: "string", description: "Which." }, new_id: { type: "string" } },
      required: ["thing_id"],
    });
    expect(shape.fixed).toMatchObject([{ name: "size", value: 3 }]);
  });

  it.each<[string, OperationOptions, string]>([
    ["two of one name", {}, 'Rename one: rename: { "body.id": "body_id" }'],
    ["a name that is not there", { omit: ["nite"] }, 'Did you mean "note"?'],
    ["one that is not clear", { rename: { id: "x" } }, 'Say which: "path.id" or "body.id"'],
    ["one left out that is needed", { omit: ["path.id"] }, "Give it a value by `fixed`"],
    [
      "one that models cannot use",
      { rename: { "body.id": "new", note: "a note" } },
      'rename: { "body.note": "a_note" }',
    ],
    [
      "a field that goes nowhere",
      {
        rename: { "body.id": "new" },
        input: (schema) => ({ ...schema, properties: { ...schema.properties, nota: {} } }),
      },
      'Did you mean "note"?',
    ],
    [
      "a needed one edited away",
      { rename: { "body.id": "new" }, input: (schema) => ({ ...schema, properties: {} }) },
      'leaves out "id"',
    ],
  ])("is refused with %s", (_, options, words) => {
    const body = { type: "object", properties: { id: {}, note: { type: "string" } } };
    expect(() => compiled({ parameters: [id], requestBody: { required: true, ...json(body) } }, options)).toThrow(
      words,
    );
  });
});

describe("the output of a tool", () => {
  const outputOf = (schema: JsonObject, options: OperationOptions = {}, schemas: JsonObject = {}) =>
    compiled({ parameters: [id], responses: { "200": json(schema) } }, options, schemas).form;

  it("is an object, whatever the API answers", () => {
    expect(outputOf({ type: "array", items: {} })).toMatchObject({
      shape: "items",
      output: { properties: { items: { type: "array" } } },
    });
    expect(outputOf({ type: "string" })).toMatchObject({
      shape: "result",
      output: { properties: { result: { type: "string" } } },
    });
    expect(outputOf({ type: "object" })).toMatchObject({ shape: "object", output: { type: "object" } });
    expect(outputOf({})).toMatchObject({ shape: "result" });
    expect(compiled({ parameters: [id], responses: { "204": {} } }).form).toMatchObject({ shape: "status" });
    const two = { "200": json({ type: "object" }), "201": json({ type: "string" }) };
    expect(compiled({ parameters: [id], responses: two }).form.output).toMatchObject({
      properties: { result: { anyOf: [{ type: "object" }, { type: "string" }] } },
    });
  });

  it("is narrowed by what is picked, through lists and references", () => {
    const schemas = {
      Person: {
        type: "object",
        required: ["name", "ssn"],
        properties: {
          name: { type: "string" },
          ssn: { type: "string" },
          boss: { $ref: "#/components/schemas/Person" },
        },
      },
    };
    const { output } = outputOf(
      { type: "array", items: { $ref: "#/components/schemas/Person" } },
      { pick: ["items.name", "items.boss.name"] },
      schemas,
    );
    const name = { name: { type: "string" } };
    expect(output).toEqual({
      type: "object",
      properties: {
        items: {
          type: "array",
          items: {
            type: "object",
            required: ["name"],
            properties: { ...name, boss: { type: "object", required: ["name"], properties: name } },
          },
        },
      },
      required: ["items"],
    });
    expect(() =>
      outputOf({ type: "array", items: { $ref: "#/components/schemas/Person" } }, { pick: ["items.nam"] }, schemas),
    ).toThrow('Did you mean "name"?');
  });

  it("refuses schemas that consist of themselves", () => {
    const knot = { Knot: { allOf: [{ $ref: "#/components/schemas/Knot" }] } };
    expect(() => outputOf({ type: "array", items: { $ref: "#/components/schemas/Knot" } }, {}, knot)).toThrow(
      "consists of itself",
    );
  });
});
