import type { ErrorAnswer, JsonObject, ParamHeaders } from "./exchange.ts";
import { headerMismatch } from "./header-mismatch.ts";
import { encodeHeaderValue } from "./header-value.ts";
import { isJsonObject } from "./json-rpc.ts";

/** An argument that clients repeat in an `Mcp-Param-*` header, so that intermediaries can route by it. */
export interface ParamHeader {
  /** As declared by `x-mcp-header`; the header is `Mcp-Param-<name>`. */
  readonly name: string;
  readonly path: readonly string[];
  readonly type: "string" | "integer" | "boolean";
}

export type ParamHeaderScan =
  | { readonly ok: true; readonly declarations: readonly ParamHeader[] }
  | { readonly ok: false; readonly fault: string };

const keyword = "x-mcp-header";
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const decimal = /^-?\d+(\.\d+)?$/;

class InvalidDeclaration extends Error {}

/**
 * Collects the `x-mcp-header` declarations of an input schema. A declaration that no client could follow (not
 * reachable by `properties` alone, not a token, not of a type that fits, not unique) is a fault.
 */
export function scanParamHeaders(inputSchema: JsonObject): ParamHeaderScan {
  const declarations: ParamHeader[] = [];
  try {
    collect(inputSchema, [], declarations);
  } catch (error) {
    if (error instanceof InvalidDeclaration) return { ok: false, fault: error.message };
    throw error;
  }
  return { ok: true, declarations };
}

function collect(schema: JsonObject, path: readonly string[], found: ParamHeader[]): void {
  for (const [key, part] of Object.entries(schema)) {
    if (key === keyword) {
      found.push(declaration(schema, path, found));
    } else if (key === "properties" && isJsonObject(part)) {
      for (const [name, child] of Object.entries(part)) if (isJsonObject(child)) collect(child, [...path, name], found);
    } else if (!isPlainData(key)) {
      refuseBelow(part, [...path, `<${key}>`]);
    }
  }
}

/** Instances, not schemas: an `x-mcp-header` inside them is somebody's data. */
function isPlainData(key: string): boolean {
  return key === "const" || key === "default" || key === "enum" || key === "examples";
}

function refuseBelow(part: unknown, path: readonly string[]): void {
  if (Array.isArray(part)) {
    for (const item of part) refuseBelow(item, path);
  } else if (isJsonObject(part)) {
    for (const [key, child] of Object.entries(part)) {
      if (key === keyword && typeof child === "string") {
        throw new InvalidDeclaration(`${path.join(".")}: x-mcp-header is allowed only where "properties" alone lead`);
      }
      if (!isPlainData(key)) refuseBelow(child, path);
    }
  }
}

function declaration(schema: JsonObject, path: readonly string[], found: readonly ParamHeader[]): ParamHeader {
  const where = path.join(".") || "the schema's root";
  const name = schema[keyword];
  const type = schema["type"];
  if (path.length === 0) throw new InvalidDeclaration(`${where}: x-mcp-header belongs to a property`);
  if (typeof name !== "string" || !token.test(name)) {
    throw new InvalidDeclaration(`${where}: x-mcp-header must be an HTTP token, not ${JSON.stringify(name)}`);
  }
  if (type !== "string" && type !== "integer" && type !== "boolean") {
    throw new InvalidDeclaration(`${where}: x-mcp-header needs the type string, integer or boolean`);
  }
  const taken = found.find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (taken !== undefined) {
    throw new InvalidDeclaration(`${where}: x-mcp-header ${name} is already taken by ${taken.path.join(".")}`);
  }
  return { name, path, type };
}

/**
 * Compares a call's arguments with its `Mcp-Param-*` headers; what disagrees is answered with `-32020` on 400. A
 * header without its argument is ignored, as the specification says. `headers` is undefined where the transport has none.
 */
export function checkParamHeaders(
  declarations: readonly ParamHeader[],
  args: JsonObject,
  headers: ParamHeaders | undefined,
): ErrorAnswer | undefined {
  if (headers === undefined) return undefined;
  for (const declared of declarations) {
    const value = valueAt(args, declared.path);
    const sent = headers.get(declared.name);
    const header = `Mcp-Param-${declared.name}`;
    if (isBeyondExactness(value)) {
      if (sent === undefined) continue;
      return headerMismatch(header, `cannot be held against ${declared.path.join(".")}, an integer beyond exactness`);
    }
    const expected = primitiveText(value);
    if (expected === undefined) continue;
    if (sent === undefined) return headerMismatch(header, `is missing, but ${declared.path.join(".")} is in the body`);
    if (sent === null) return headerMismatch(header, "is not valid Base64 of UTF-8");
    const equal =
      declared.type === "integer" && decimal.test(sent) ? Number(sent) === Number(expected) : sent === expected;
    if (!equal) return headerMismatch(header, `differs from ${declared.path.join(".")} in the body`);
  }
  return undefined;
}

/** The headers that repeat a call's arguments; names in lower case. What no header can carry is left out. */
export function toParamHeaders(declarations: readonly ParamHeader[], args: JsonObject): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, path } of declarations) {
    const value = valueAt(args, path);
    const text = isBeyondExactness(value) ? undefined : primitiveText(value);
    if (text !== undefined) headers[`mcp-param-${name.toLowerCase()}`] = encodeHeaderValue(text);
  }
  return headers;
}

function valueAt(args: JsonObject, path: readonly string[]): unknown {
  let value: unknown = args;
  for (const key of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** No client may repeat such an integer in a header: what was sent and what was read may be two numbers already. */
function isBeyondExactness(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** The text of a value that a header can carry; objects and null have none. */
function primitiveText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "boolean" || typeof value === "number"
    ? String(value)
    : undefined;
}
