import { demandsOf } from "../../contract/demands.ts";
import type { Effect } from "../../define/effect.ts";
import { sha256Hex, toCanonicalJson } from "../../ledger/digest.ts";
import type { JsonSchemaObject } from "./json-schema.ts";

/** What a tool takes and gives, in its author's own schemas, before the gate adds its fields. */
export interface Contract {
  readonly name: string;
  readonly effect: Effect;
  readonly input: JsonSchemaObject;
  readonly output: JsonSchemaObject | undefined;
  readonly include: Readonly<Record<string, JsonSchemaObject>>;
}

/** SHA-256 over what a contract demands and promises. Its wording is no part of it, nor is anything that the gate adds. */
export function contractHash({ name, effect, input, output, include }: Contract): string {
  const parts = Object.fromEntries(Object.entries(include).map(([part, schema]) => [part, demandsOf(schema)]));
  return sha256Hex(
    toCanonicalJson({ name, effect, input: demandsOf(input), output: demandsOf(output ?? null), parts }),
  );
}
