import type { JsonObject } from "../../../wire/exchange.ts";
import { isObject } from "../document/api-document.ts";
import type { Operation } from "../document/operations.ts";
import { flatObject } from "../schemas/flat-object.ts";
import { type Converted, isLong, type SchemaConverter } from "../schemas/schema-converter.ts";
import { type BodyDefinition, bodyOf } from "./body.ts";
import { type Parameter, type ParameterPlace, type ParameterStyle, parametersOf } from "./parameter.ts";

/** One value that a request is made of, and where it goes. */
export interface InputField {
  /** As the document names it: `petId`; `body` for a body that is one value. */
  readonly name: string;
  /** `content`: it is the whole body. */
  readonly place: ParameterPlace | "body" | "content";
  readonly required: boolean;
  readonly schema: Converted;
  /** How a parameter is written. */
  readonly style: ParameterStyle | undefined;
}

/** Everything that a request of an operation is made of. */
export interface RequestFields {
  readonly fields: readonly InputField[];
  readonly body: BodyDefinition | undefined;
  /** Fields of the body that belong together: where one is there, these must be. Empty where the body is always there. */
  readonly requiredWithBody: readonly string[];
}

/** The parameters of an operation and the fields of its body, one beside the other. */
export function fieldsOf(converter: SchemaConverter, operation: Operation): RequestFields {
  const parameters = parametersOf(converter.document, operation).map((each) => parameterField(converter, each));
  const body = bodyOf(converter.document, operation);
  if (body === undefined) return { fields: parameters, body, requiredWithBody: [] };
  const flat = body.kind === "text" ? undefined : flatObject(converter, body.schema);
  if (flat === undefined) {
    const schema = described(converter.convert(body.schema), body.description);
    const whole: InputField = { name: "body", place: "content", required: body.required, schema, style: undefined };
    return { fields: [...parameters, whole], body, requiredWithBody: [] };
  }
  const fields = [...flat.properties].map(([name, schema]): InputField => {
    const required = body.required && flat.required.has(name);
    return { name, place: "body", required, schema, style: undefined };
  });
  return { fields: [...parameters, ...fields], body, requiredWithBody: body.required ? [] : [...flat.required] };
}

function parameterField(converter: SchemaConverter, parameter: Parameter): InputField {
  const { schema, description, required, place, name } = parameter;
  const converted = described(converter.convert(schema), description);
  // There is no way to say null in an address or a header.
  const plain = parameter.json ? converted : withDigits(withoutNull(converted));
  return { name, place, required, schema: plain, style: parameter };
}

function described(schema: Converted, description: string | undefined): Converted {
  if (description === undefined || description.trim() === "") return schema;
  if (!isObject(schema)) return { description };
  const own = schema["description"];
  // The default's words stand in the schema's own description.
  const words =
    typeof own === "string" && own.startsWith("Unless said otherwise:")
      ? `${description.trimEnd()} ${own}`
      : description;
  return { ...schema, description: words };
}

/** An id that is too long for a number of JavaScript can be said as its digits. */
function withDigits(schema: Converted): Converted {
  if (!isObject(schema) || !isLong(schema)) return schema;
  const { format: _format, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER, ...rest } = schema;
  return { ...rest, type: ["integer", "string"], pattern: "^-?[0-9]{1,19}$", minimum, maximum };
}

function withoutNull(schema: Converted): Converted {
  if (!isObject(schema)) return schema;
  const { type, enum: values, ...rest }: JsonObject = schema;
  if (!Array.isArray(type) || !type.includes("null")) return schema;
  const types = type.filter((each) => each !== "null");
  return {
    ...rest,
    type: types.length === 1 ? types[0] : types,
    ...(Array.isArray(values) && { enum: values.filter((value) => value !== null) }),
  };
}
