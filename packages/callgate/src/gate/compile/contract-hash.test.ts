import { describe, expect, it } from "vitest";
import { contractHash } from "./contract-hash.ts";
import type { JsonSchemaObject } from "./json-schema.ts";

const input = {
  type: "object",
  properties: { guest: { type: "string", description: "Who stays." }, description: { type: "string", maxLength: 80 } },
  required: ["guest"],
};
const hashOf = (schema: JsonSchemaObject): string =>
  contractHash({ name: "create_booking", effect: "write", input: schema, output: undefined, include: {} });
const withProperties = (properties: Record<string, unknown>): JsonSchemaObject => ({
  ...input,
  properties: { ...input.properties, ...properties },
});

describe("contractHash", () => {
  it.each([
    ["a word of a field's description", withProperties({ guest: { type: "string", description: "Who will stay." } })],
    ["a title and examples", { ...input, title: "A booking", examples: [{ guest: "Ann" }] }],
    ["the order of keys", Object.fromEntries(Object.entries(input).toReversed())],
  ])("[W2] stays the same with %s, so that a write's key outlives a mended text", (_what, schema) => {
    expect(hashOf(schema)).toBe(hashOf(input));
  });

  it.each([
    ["another type", withProperties({ guest: { type: "number" } })],
    ["another bound of a field that is named description", withProperties({ description: { type: "string" } })],
    ["a new field", withProperties({ note: { type: "string" } })],
    [
      "a default, by which absent arguments mean something else",
      withProperties({ guest: { type: "string", default: "" } }),
    ],
    ["words among the values of an enum", withProperties({ guest: { enum: [{ title: "Dr" }] } })],
  ])("[W2] changes with %s", (_what, schema) => {
    expect(hashOf(schema)).not.toBe(hashOf(input));
  });

  it("[W2] tells values apart that differ in what would be words elsewhere", () => {
    const one = withProperties({ guest: { enum: [{ title: "Dr" }] } });
    const other = withProperties({ guest: { enum: [{ title: "Mr" }] } });
    expect(hashOf(one)).not.toBe(hashOf(other));
  });
});
