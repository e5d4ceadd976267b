import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from "kysely";
import { recordColumns } from "../../audit/row-columns.ts";
import type { ColumnFilters, PositionRange } from "../../audit/search-steps.ts";
import { sql } from "../../kysely.ts";
import { queries } from "../database/queries.ts";
import type { Tables } from "../database/schema.ts";

/** The records of a range that meet the filters, newest first. */
export function selectRecords(
  filters: ColumnFilters,
  range: PositionRange,
): SelectQueryBuilder<Tables, "rows", object> {
  return queries
    .selectFrom("rows")
    .select(recordColumns)
    .where("position", ">", range.after)
    .where("position", "<", range.before)
    .where((row) => row.and(conditions(row, filters)))
    .orderBy("position", "desc");
}

function conditions(row: ExpressionBuilder<Tables, "rows">, filters: ColumnFilters): Expression<SqlBool>[] {
  const { subject, tenant, caller, tool, domain, outcome, code, traceId, writeId, from, until } = filters;
  const found: Expression<SqlBool>[] = [];
  if (subject !== undefined) found.push(row("subject", "=", subject));
  if (tenant !== undefined) found.push(row("tenant", "=", tenant));
  if (caller !== undefined) found.push(row("caller", "=", caller));
  if (tool !== undefined) found.push(row("tool", "=", tool));
  if (domain !== undefined) found.push(row("domain", "=", domain));
  if (outcome !== undefined) found.push(row("outcome", "=", outcome));
  // Says to SQLite that the partial index of outcomes other than "ok" fits.
  if (outcome !== undefined && outcome !== "ok") found.push(row("outcome", "<>", sql.lit("ok")));
  if (code !== undefined) found.push(row("code", "=", code));
  if (traceId !== undefined) found.push(row("trace_id", "=", traceId));
  if (writeId !== undefined) found.push(row("write_id", "=", writeId));
  if (from !== undefined) found.push(row("at", ">=", from));
  if (until !== undefined) found.push(row("at", "<", until));
  return found;
}
