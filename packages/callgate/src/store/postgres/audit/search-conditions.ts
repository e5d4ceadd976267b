import type { ColumnFilters } from "../../audit/search-steps.ts";

/** SQL with its values, built up from parts. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  /** Adds a condition; `?` stands for the value. */
  add(condition: string, value: unknown): this {
    this.values.push(value);
    this.#parts.push(condition.replaceAll("?", `$${this.values.length}`));
    return this;
  }

  /** Adds a condition without a value. */
  addPlain(condition: string): this {
    this.#parts.push(condition);
    return this;
  }

  get text(): string {
    return this.#parts.length === 0 ? "true" : this.#parts.join(" AND ");
  }
}

const equal = {
  subject: "subject",
  tenant: "tenant",
  caller: "caller",
  tool: "tool",
  domain: "domain",
  outcome: "outcome",
  code: "code",
  traceId: "trace_id",
  writeId: "write_id",
} as const;

/** Adds what a query says of columns. */
export function addFilters(conditions: Conditions, filters: ColumnFilters): Conditions {
  for (const [name, column] of Object.entries(equal)) {
    const value = filters[name as keyof typeof equal];
    if (value !== undefined) conditions.add(`${column} = ?`, value);
  }
  // Says to the planner that the partial index of outcomes other than "ok" fits.
  if (filters.outcome !== undefined && filters.outcome !== "ok") conditions.addPlain("outcome <> 'ok'");
  if (filters.from !== undefined) conditions.add("at >= ?", filters.from);
  if (filters.until !== undefined) conditions.add("at < ?", filters.until);
  return conditions;
}
