import { fieldsAt, type SchemaChange } from "./schema-change.ts";
import { schemaPlaces } from "./schema-places.ts";
import { placeName } from "./sentences.ts";
import type { SchemaObject } from "./subsumption/schema-document.ts";

const WORDS = ["title", "description", "examples", "$comment", "deprecated", "readOnly", "writeOnly"];

/** Differences in what is only said: models choose by it, no validator judges by it. */
export function compareWords(before: SchemaObject, after: SchemaObject, root: string): readonly SchemaChange[] {
  const old = schemaPlaces(before);
  const changes: SchemaChange[] = [];
  for (const [pointer, schema] of schemaPlaces(after)) {
    const was = old.get(pointer);
    if (was === undefined) continue;
    for (const keyword of WORDS) {
      const [said, says] = [was[keyword], schema[keyword]];
      if (said === says || JSON.stringify(said) === JSON.stringify(says)) continue;
      changes.push({
        verdict: "wording",
        rule: `words.${keyword}`,
        pointer: `${pointer}/${keyword}`,
        message: `${placeName(pointer, root)} has another ${keyword}.`,
        fields: fieldsAt(pointer),
      });
    }
  }
  return changes;
}
