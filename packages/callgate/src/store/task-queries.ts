import type { Compilable, Expression, ExpressionBuilder, Kysely, SqlBool } from "kysely";
import { StoreError } from "./store-error.ts";
import { changedColumns, type TasksTable } from "./task-columns.ts";
import type { MostAtWork, NewTask, TaskMove, TaskQuery, TaskState, TasksWanted, TaskTake } from "./task-port.ts";

/** What the queries here need of a query builder, whatever its dialect. */
export type TaskTables = Kysely<{ tasks: TasksTable }>;

export function insertTask(tables: TaskTables, task: NewTask): Compilable {
  return tables.insertInto("tasks").values({
    id: task.id,
    subject: task.subject,
    tenant: task.tenant ?? null,
    tool: task.tool,
    call_id: task.callId,
    write_id: task.writeId ?? null,
    state: "working",
    attempt: 0,
    owner: null,
    lease_until: 0,
    priority: task.priority,
    sealed_call: task.sealedCall,
    sealed_input: null,
    sealed_outcome: null,
    progress: "[]",
    cost: "{}",
    worked_ms: 0,
    code: null,
    cancel_by: null,
    cancel_at: null,
    due: task.due ?? null,
    created_at: task.createdAt,
    updated_at: task.createdAt,
    finished_at: null,
    expires_at: task.expiresAt,
  });
}

export function selectTask(tables: TaskTables, id: string): Compilable<TasksTable> {
  return tables.selectFrom("tasks").selectAll().where("id", "=", id);
}

export function selectDue(tables: TaskTables, due: string): Compilable<Pick<TasksTable, "id">> {
  return tables.selectFrom("tasks").select("id").where("due", "=", due);
}

/** Open tasks, of all and of one subject, as `total` and `mine`. */
export function countOpen(tables: TaskTables, subject: string): Compilable<{ total: number; mine: number }> {
  return tables
    .selectFrom("tasks")
    .select((row) => [
      row.fn.countAll<number>().as("total"),
      row.fn.count<number>(row.case().when("subject", "=", subject).then(1).end()).as("mine"),
    ])
    .where("finished_at", "is", null);
}

/** Tasks at work, of each tool that has any. */
export function countAtWorkByTool(tables: TaskTables, now: number): Compilable<{ tool: string; running: number }> {
  return tables
    .selectFrom("tasks")
    .select((row) => ["tool", row.fn.countAll<number>().as("running")])
    .where("finished_at", "is", null)
    .where("owner", "is not", null)
    .where("lease_until", ">=", now)
    .groupBy("tool");
}

/** Tasks at work beside this one that count with it. */
export function countAtWork(
  tables: TaskTables,
  { id, now, tools }: Pick<TaskTake, "id" | "now"> & Pick<MostAtWork, "tools">,
): Compilable<{ running: number }> {
  return tables
    .selectFrom("tasks")
    .select((row) => row.fn.countAll<number>().as("running"))
    .where("tool", "in", tools)
    .where("finished_at", "is", null)
    .where("owner", "is not", null)
    .where("lease_until", ">=", now)
    .where("id", "<>", id);
}

export function takeTask(tables: TaskTables, take: TaskTake): Compilable<TasksTable> {
  return tables
    .updateTable("tasks")
    .set({ owner: take.owner, lease_until: take.leaseUntil, attempt: take.attempt + 1, updated_at: take.now })
    .where("id", "=", take.id)
    .where("attempt", "=", take.attempt)
    .where("state", "=", "working")
    .where((row) =>
      take.goneOwner === undefined
        ? nobodyIsAt(row, take.now)
        : row.or([nobodyIsAt(row, take.now), row("owner", "=", take.goneOwner)]),
    )
    .returningAll();
}

export function moveTask(
  tables: TaskTables,
  { id, attempt, from, whileInput, now, set }: TaskMove,
): Compilable<TasksTable> {
  const move = tables
    .updateTable("tasks")
    .set(changedColumns(set, now))
    .where("id", "=", id)
    .where("attempt", "=", attempt)
    .where("state", "in", [...from]);
  return (whileInput === undefined ? move : move.where("sealed_input", "=", whileInput)).returningAll();
}

export function cancelTask(
  tables: TaskTables,
  { id, by, now }: { id: string; by: string; now: number },
): Compilable<TasksTable> {
  return tables
    .updateTable("tasks")
    .set((row) => {
      const unlessHeld = row.case().when("owner", "is", null);
      return {
        cancel_by: row.fn.coalesce("cancel_by", row.val(by)),
        cancel_at: row.fn.coalesce("cancel_at", row.val(now)),
        updated_at: now,
        state: unlessHeld
          .then("cancelled" as TaskState)
          .else(row.ref("state"))
          .end(),
        code: unlessHeld.then("call_cancelled").else(row.ref("code")).end(),
        finished_at: unlessHeld.then(row.val(now)).else(row.ref("finished_at")).end(),
      };
    })
    .where("id", "=", id)
    .where("finished_at", "is", null)
    .returningAll();
}

export function selectWaiting(tables: TaskTables, { now, tools, limit }: TasksWanted): Compilable<TasksTable> {
  return tables
    .selectFrom("tasks")
    .selectAll()
    .where("finished_at", "is", null)
    .where("state", "=", "working")
    .where("tool", "in", [...tools])
    .where((row) => nobodyIsAt(row, now))
    .orderBy("priority", "desc")
    .orderBy("created_at")
    .limit(limit);
}

export function selectHeld(tables: TaskTables, now: number, limit: number): Compilable<TasksTable> {
  return tables
    .selectFrom("tasks")
    .selectAll()
    .where("finished_at", "is", null)
    .where("state", "=", "working")
    .where("owner", "is not", null)
    .where("lease_until", ">=", now)
    .limit(limit);
}

export function listTasks(
  tables: TaskTables,
  { subject, tenant, tool, state, limit, cursor }: TaskQuery,
): Compilable<TasksTable> {
  let select = tables
    .selectFrom("tasks")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1);
  if (subject !== undefined) select = select.where("subject", "=", subject);
  if (tenant !== undefined) select = select.where("tenant", "=", tenant);
  if (tool !== undefined) select = select.where("tool", "=", tool);
  if (state !== undefined) select = select.where("state", "=", state);
  if (cursor === undefined) return select;
  const [, at, id] = /^(\d{1,15}) (\S{1,100})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw new StoreError("store_invalid", "the cursor is not one that a list of tasks gave");
  return select.where((row) =>
    row.or([row("created_at", "<", Number(at)), row.and([row("created_at", "=", Number(at)), row("id", "<", id)])]),
  );
}

export function cancelOverdue(tables: TaskTables, now: number): Compilable {
  return tables
    .updateTable("tasks")
    .set({ state: "cancelled", code: "task_expired", finished_at: now, updated_at: now })
    .where("finished_at", "is", null)
    .where("expires_at", "<=", now)
    .where((row) => nobodyIsAt(row, now));
}

function nobodyIsAt(row: ExpressionBuilder<{ tasks: TasksTable }, "tasks">, now: number): Expression<SqlBool> {
  return row.or([row("owner", "is", null), row("lease_until", "<", now)]);
}

/** Removes tasks that had ended before they were looked at; those that ended just now can be seen once more. */
export function deleteExpired(tables: TaskTables, now: number): Compilable {
  return tables
    .deleteFrom("tasks")
    .where("finished_at", "is not", null)
    .where("finished_at", "<", now)
    .where("expires_at", "<=", now)
    .where((row) =>
      row.or([row("code", "is", null), row("code", "<>", "task_expired"), row("finished_at", "<=", now - 3_600_000)]),
    );
}
