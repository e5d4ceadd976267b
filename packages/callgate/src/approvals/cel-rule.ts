import { createRequire } from "node:module";
import type * as Cel from "@marcbachmann/cel-js";
import type { ApprovalAsked } from "../define/approval.ts";
import type { Subject } from "../define/subject.ts";

// Rules are judged while the gate is built, so what is loaded on demand must be there at once.
const load = createRequire(import.meta.url);

/** What an expression may say of a subject: `null` where it has none of it. */
const SUBJECT_FIELDS: Readonly<Record<Exclude<keyof Subject, "caller" | "domains" | "flags">, string>> = {
  kind: "string",
  id: "string",
  user: "dyn",
  account: "dyn",
  tenant: "dyn",
  role: "dyn",
  modes: "list<string>",
  scopes: "list<string>",
  attributes: "map<string, string>",
};

/** An expression that cannot be a rule, in words that say where. */
export class CelFault extends Error {
  override readonly name = "CelFault";
}

/**
 * Compiles a CEL expression over `plan`, `input` and `subject`; throws `CelFault` where it does not parse, names what
 * there is not, or can give no boolean. Numbers that come from JSON are doubles to CEL: `plan.total > 1000` compares,
 * arithmetic wants `1.0`.
 */
export function compileCel(
  expression: string,
  inputFields: ReadonlySet<string> | undefined,
): (asked: ApprovalAsked<unknown, unknown>) => unknown {
  const parsed = parse(expression, inputFields);
  const { valid, type, error } = parsed.check();
  if (!valid) throw new CelFault(error?.message ?? "it does not fit its variables");
  if (type !== "bool" && type !== "dyn") throw new CelFault(`it gives ${type}, and a rule has to give true or false`);
  return ({ plan, input, subject }) => parsed({ plan, input, subject: toFields(subject) });
}

function parse(expression: string, inputFields: ReadonlySet<string> | undefined): Cel.ParseResult {
  const { Environment } = load("@marcbachmann/cel-js") as typeof Cel;
  const environment = new Environment({ homogeneousAggregateLiterals: false })
    .registerVariable("plan", "map<string, dyn>")
    .registerVariable({ name: "subject", schema: SUBJECT_FIELDS });
  if (inputFields === undefined) environment.registerVariable("input", "map<string, dyn>");
  else {
    const schema = Object.fromEntries([...inputFields].map((field) => [field, "dyn"]));
    environment.registerVariable({ name: "input", schema });
  }
  try {
    return environment.parse(expression);
  } catch (error) {
    throw new CelFault(error instanceof Error ? error.message : String(error));
  }
}

function toFields(subject: Subject): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(SUBJECT_FIELDS).map((field) => [field, subject[field as keyof typeof SUBJECT_FIELDS] ?? null]),
  );
}
