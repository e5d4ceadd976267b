import { CallError } from "../../../define/call-error.ts";

/** A value that fits its schema, and cannot be put where the API wants it. Nothing was sent. */
export function unsayable(name: string, problem: string): CallError {
  return new CallError("invalid_arguments", `${name}: ${problem}`, {
    category: "validation",
    next: `Change ${name} and call again.`,
    details: { fields: [{ field: name, problem }] },
  });
}
