import type { JsonObject } from "../../wire/exchange.ts";

/** Arguments that the gate serves itself; a server's own of these names go by another one. */
const TAKEN = ["reason", "dry_run", "idempotency_key", "preview_hash"];
const BEFORE = "upstream_";

/** A schema with none of the gate's own arguments in it, and what leads from its names back to the server's. */
export interface RenamedArguments {
  readonly schema: JsonObject;
  readonly toTheirs: (input: JsonObject) => JsonObject;
}

/** Gives a server's arguments other names where the gate has them already: `reason` is served as `upstream_reason`. */
export function renameArguments(schema: JsonObject): RenamedArguments {
  const properties = (schema["properties"] ?? {}) as JsonObject;
  const taken = TAKEN.filter((name) => Object.hasOwn(properties, name) && !Object.hasOwn(properties, BEFORE + name));
  if (taken.length === 0) return { schema, toTheirs: (input) => input };
  const renamed = (name: string): string => (taken.includes(name) ? BEFORE + name : name);
  const served = Object.fromEntries(Object.entries(properties).map(([name, field]) => [renamed(name), field]));
  const required = Array.isArray(schema["required"]) ? { required: schema["required"].map(String).map(renamed) } : {};
  const back = new Map(taken.map((name) => [BEFORE + name, name]));
  return {
    schema: { ...schema, properties: served, ...required },
    toTheirs: (input) =>
      Object.fromEntries(Object.entries(input).map(([name, value]) => [back.get(name) ?? name, value])),
  };
}
