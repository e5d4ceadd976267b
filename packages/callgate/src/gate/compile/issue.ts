import type { ErrorObject } from "ajv/dist/2020.js";
import { pointerSteps } from "../../define/json-pointer.ts";

/** One thing that is wrong with a value. `path` is empty for the value as a whole. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** More of a list of values than this is in the schema alone. */
const LONGEST_LIST = 300;

/** What ajv finds, in words that name the field and what may stand there. */
export function toIssue({ keyword, params, instancePath, message = keyword }: ErrorObject): Issue {
  const path = pointerSteps(instancePath);
  if (keyword === "required") return { path: [...path, String(params["missingProperty"])], message: "missing" };
  const beyond: unknown = params["additionalProperty"] ?? params["unevaluatedProperty"];
  if (typeof beyond === "string") return { path: [...path, beyond], message: "there is no such field" };
  if (keyword === "enum") return { path, message: `must be one of ${listOf(params["allowedValues"])}` };
  if (keyword === "const") return { path, message: `must be ${listOf([params["allowedValue"]])}` };
  return { path, message };
}

function listOf(values: unknown): string {
  const said = (Array.isArray(values) ? values : []).map((value) => JSON.stringify(value)).join(", ");
  return said.length <= LONGEST_LIST ? said : "the values in the schema";
}
