import {
  OPEN_TASK_STATES,
  type TaskChanges,
  type TaskCost,
  type TaskPage,
  type TaskProgress,
  type TaskRow,
  type TaskState,
} from "./task-port.ts";

/** The table `tasks` of every store; progress and cost are JSON texts. */
export interface TasksTable {
  id: string;
  subject: string;
  tenant: string | null;
  tool: string;
  call_id: string;
  write_id: string | null;
  state: TaskState;
  attempt: number;
  owner: string | null;
  lease_until: number;
  priority: number;
  sealed_call: Uint8Array;
  sealed_input: Uint8Array | null;
  sealed_outcome: Uint8Array | null;
  progress: string;
  cost: string;
  worked_ms: number;
  code: string | null;
  cancel_by: string | null;
  cancel_at: number | null;
  due: string | null;
  created_at: number;
  updated_at: number;
  finished_at: number | null;
  expires_at: number;
}

const everyColumn: Readonly<Record<keyof TasksTable, true>> = {
  id: true,
  subject: true,
  tenant: true,
  tool: true,
  call_id: true,
  write_id: true,
  state: true,
  attempt: true,
  owner: true,
  lease_until: true,
  priority: true,
  sealed_call: true,
  sealed_input: true,
  sealed_outcome: true,
  progress: true,
  cost: true,
  worked_ms: true,
  code: true,
  cancel_by: true,
  cancel_at: true,
  due: true,
  created_at: true,
  updated_at: true,
  finished_at: true,
  expires_at: true,
};

/** The columns of a task; none can be left out. */
export const taskColumns: readonly string[] = Object.keys(everyColumn);

/** The row that the port speaks of. */
export function toTaskRow(record: TasksTable): TaskRow {
  return {
    id: record.id,
    subject: record.subject,
    tenant: record.tenant ?? undefined,
    tool: record.tool,
    callId: record.call_id,
    writeId: record.write_id ?? undefined,
    state: record.state,
    attempt: record.attempt,
    owner: record.owner ?? undefined,
    leaseUntil: record.lease_until,
    priority: record.priority,
    sealedCall: record.sealed_call,
    sealedInput: record.sealed_input ?? undefined,
    sealedOutcome: record.sealed_outcome ?? undefined,
    progress: JSON.parse(record.progress) as readonly TaskProgress[],
    cost: JSON.parse(record.cost) as TaskCost,
    workedMs: record.worked_ms,
    code: record.code ?? undefined,
    cancelBy: record.cancel_by ?? undefined,
    cancelAt: record.cancel_at ?? undefined,
    due: record.due ?? undefined,
    createdAt: record.created_at,
    updatedAt: record.updated_at,
    finishedAt: record.finished_at ?? undefined,
    expiresAt: record.expires_at,
  };
}

/** The columns that a move sets. A task that ends is nobody's from then on. */
export function changedColumns(changes: TaskChanges, now: number): Partial<TasksTable> {
  const { state } = changes;
  const ends = state !== undefined && !OPEN_TASK_STATES.includes(state);
  const columns: Partial<TasksTable> = {
    ...(state !== undefined && { state }),
    ...("owner" in changes && { owner: changes.owner ?? null }),
    ...("leaseUntil" in changes && { lease_until: changes.leaseUntil ?? 0 }),
    ...("writeId" in changes && { write_id: changes.writeId ?? null }),
    ...("sealedInput" in changes && { sealed_input: changes.sealedInput ?? null }),
    ...("sealedOutcome" in changes && { sealed_outcome: changes.sealedOutcome ?? null }),
    ...("progress" in changes && { progress: JSON.stringify(changes.progress ?? []) }),
    ...("cost" in changes && { cost: JSON.stringify(changes.cost ?? {}) }),
    ...("workedMs" in changes && { worked_ms: Math.round(changes.workedMs ?? 0) }),
    ...("code" in changes && { code: changes.code ?? null }),
    ...("expiresAt" in changes && { expires_at: changes.expiresAt ?? 0 }),
  };
  return { ...columns, updated_at: now, ...(ends && { finished_at: now, owner: null, lease_until: 0 }) };
}

/** A page of a list that was asked for one record more than the page may have. */
export function toTaskPage(records: readonly TasksTable[], limit: number): TaskPage {
  const page = records.slice(0, limit);
  const last = page.at(-1);
  const hasMore = records.length > limit && last !== undefined;
  return { rows: page.map(toTaskRow), cursor: hasMore ? `${last.created_at} ${last.id}` : undefined };
}
