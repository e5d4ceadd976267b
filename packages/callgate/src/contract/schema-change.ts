import { nameOfStep } from "../define/json-pointer.ts";
import type { Change } from "./change.ts";

/** A difference between two schemas: a change, before it is said of which tool. */
export type SchemaChange = Omit<Change, "tool" | "rule"> & { readonly rule: string };

/** Names of the fields on the way to a place in a schema. */
export function fieldsAt(pointer: string): readonly string[] {
  const steps = pointer.split("/").slice(1);
  return steps.flatMap((step, index) =>
    steps[index - 1] === "properties" && steps[index - 2] !== "properties" ? [nameOfStep(step)] : [],
  );
}

/** A place in a schema in the words of those who know its values: `stay.nights`, `guests[]`. Empty for the root. */
export function placeWords(pointer: string): string {
  const steps = pointer.split("/").slice(1);
  let words = "";
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (before === "properties") words += `${words === "" ? "" : "."}${nameOfStep(step)}`;
    else if (step === "items" || before === "prefixItems") words += "[]";
  }
  return words;
}
