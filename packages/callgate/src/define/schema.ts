import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";

/** A JSON Schema 2020-12 object, with the type of the values it accepts carried along for TypeScript alone. */
export interface JsonSchema<Value = unknown> {
  readonly [keyword: string]: unknown;
  readonly "~value"?: Value;
}

/** A schema that validates: any library of the Standard Schema family that can also say its JSON Schema, or JSON Schema itself. */
export type Schema<Input = unknown, Output = Input> =
  | (StandardSchemaV1<Input, Output> & StandardJSONSchemaV1<Input, Output>)
  | JsonSchema<Output>;

/** What a caller may send for a schema. */
export type InputOf<S> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<S>
  : S extends JsonSchema<infer Value>
    ? Value
    : never;

/** What the schema gives once it has validated. */
export type OutputOf<S> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : S extends JsonSchema<infer Value>
    ? Value
    : never;

/** Names the type that a JSON Schema describes: `jsonSchema<{ id: string }>({ type: "object", … })`. */
export function jsonSchema<Value>(schema: { readonly [keyword: string]: unknown }): JsonSchema<Value> {
  return schema;
}
