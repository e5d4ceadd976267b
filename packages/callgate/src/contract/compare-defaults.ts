import { toCanonicalJson } from "../ledger/digest.ts";
import type { Verdict } from "./change.ts";
import { fieldsAt, type SchemaChange } from "./schema-change.ts";
import { schemaPlaces } from "./schema-places.ts";
import { placeName } from "./sentences.ts";
import { fits } from "./subsumption/fits.ts";
import type { SchemaDocument } from "./subsumption/schema-document.ts";

/**
 * What is meant where a field is left out. No validator refuses by it, but a call that left the field out means something
 * else now.
 */
export function compareDefaults(
  before: SchemaDocument,
  after: SchemaDocument,
  side: "input" | "output" | "include",
): readonly SchemaChange[] {
  const old = schemaPlaces(before.root.schema);
  const changes: SchemaChange[] = [];
  const tell = (pointer: string, verdict: Verdict, words: string): void => {
    const message = `${placeName(pointer, "The value")} ${words}.`;
    changes.push({
      verdict,
      rule: `${side}.default`,
      pointer: `${pointer}/default`,
      message,
      fields: fieldsAt(pointer),
    });
  };
  for (const [pointer, schema] of schemaPlaces(after.root.schema)) {
    const was = old.get(pointer);
    const had = was !== undefined && Object.hasOwn(was, "default");
    if (!Object.hasOwn(schema, "default")) {
      if (had) tell(pointer, "breaking", `is no longer ${JSON.stringify(was["default"])} where it is left out`);
      continue;
    }
    const given = JSON.stringify(schema["default"]);
    const node = after.root.document.made(after.root, `default at ${pointer}`, schema);
    if (fits(node, schema["default"]) === false) tell(pointer, "breaking", `has a default that it refuses: ${given}`);
    else if (had && toCanonicalJson(was["default"]) !== toCanonicalJson(schema["default"]))
      tell(pointer, side === "input" ? "breaking" : "additive", `is ${given} now where it is left out`);
    else if (was !== undefined && !had) tell(pointer, "additive", `is ${given} now where it is left out`);
  }
  return changes;
}
