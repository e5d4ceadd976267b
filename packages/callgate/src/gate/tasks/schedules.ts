import { inspect } from "node:util";
import type { Cron } from "croner";
import { DefinitionError } from "../../define/definition-error.ts";
import type { Subject } from "../../define/subject.ts";
import type { Schedule } from "../../define/tool.ts";
import type { Exchange } from "../../wire/exchange.ts";
import { Call } from "../call/call.ts";
import { ownExchange } from "../call/own-exchange.ts";
import type { GateParts } from "../parts.ts";
import type { ServedTool } from "../served/served.ts";
import { TASKS_EXTENSION } from "./knows-tasks.ts";

/** A timer may not be longer, and a clock that was set is noticed. */
const LONGEST_WAIT_MS = 60 * 60_000;
/** Replicas begin one after the other, so that as a rule the first one's task is there when the next one looks. */
const MOST_APART_MS = 2_000;
/** A due time that nobody was there for is passed over after this. */
const LATEST_MS = 60_000;
const LOOK_BACK = 20;

export interface Timetable {
  readonly tool: ServedTool;
  readonly schedule: Schedule;
  readonly cron: Cron;
}

/**
 * Begins tasks when they are due, in every process: the row of a task says for which due time it is, and of each there is
 * one. What is due while no process runs is passed over.
 */
export class Schedules {
  readonly #gate: GateParts;
  readonly #timers = new Map<Timetable, NodeJS.Timeout>();
  #closed = false;

  private constructor(gate: GateParts) {
    this.#gate = gate;
  }

  /** Throws `DefinitionError` for a time that is none. */
  static async start(gate: GateParts): Promise<Schedules> {
    const schedules = new Schedules(gate);
    for (const timetable of await readTimetables(gate.registry.tools))
      schedules.#waitFor(timetable, schedules.#next(timetable, gate.clock()));
    return schedules;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #next({ cron }: Timetable, after: number): number | undefined {
    return cron.nextRun(new Date(after))?.getTime();
  }

  #waitFor(timetable: Timetable, due: number | undefined): void {
    if (due === undefined || this.#closed) return;
    const now = this.#gate.clock();
    if (now >= due) {
      if (now - due <= LATEST_MS) this.#beginApart(timetable, due);
      return this.#waitFor(timetable, this.#next(timetable, Math.max(now, due)));
    }
    const timer = setTimeout(() => this.#waitFor(timetable, due), Math.min(due - now, LONGEST_WAIT_MS));
    this.#timers.set(timetable, timer.unref());
  }

  #beginApart({ tool, schedule }: Timetable, due: number): void {
    const begin = async (): Promise<void> => {
      try {
        if (!this.#closed) await beginDue(this.#gate, tool, { schedule, due });
      } catch (error) {
        this.#gate.log.error("a scheduled task could not be begun", { tool: tool.name, error: inspect(error) });
      }
    };
    setTimeout(() => void begin(), Math.random() * MOST_APART_MS).unref();
  }
}

/** When tools begin by themselves. Loads what reads the times only where there are some; throws `DefinitionError` for one that is none. */
export async function readTimetables(tools: readonly ServedTool[]): Promise<readonly Timetable[]> {
  const timetables: Timetable[] = [];
  for (const tool of tools) {
    const schedule = tool.long?.schedule;
    if (schedule !== undefined) timetables.push({ tool, schedule, cron: await readCron(tool, schedule) });
  }
  return timetables;
}

async function readCron({ name, domain }: ServedTool, { cron, timeZone = "UTC" }: Schedule): Promise<Cron> {
  const { Cron } = await import("croner");
  try {
    const read = new Cron(cron, { timezone: timeZone, paused: true, mode: "5-part" });
    // A time zone that is none is found out by the first question alone.
    read.nextRun();
    return read;
  } catch (error) {
    throw new DefinitionError(
      { domain: domain.name, tool: name },
      `its schedule "${cron}" (${timeZone}) is none: ${error instanceof Error ? error.message : String(error)}`,
      'Write minute, hour, day of month, month and day of week, like "0 3 * * *", and a time zone like "Europe/Berlin".',
    );
  }
}

/** Calls the tool as nobody but its schedule, through every stage, where no process has done so for this due time. */
export async function beginDue(
  gate: GateParts,
  tool: ServedTool,
  { schedule, due }: { readonly schedule: Schedule; readonly due: number },
): Promise<void> {
  const name = `${tool.name} ${new Date(due).toISOString()}`;
  const { rows } = await gate.store.tasks.list({ tool: tool.name, limit: LOOK_BACK });
  if (rows.some((row) => row.due === name)) return;
  const subject = subjectOf(tool, schedule);
  const call = new Call(gate, exchangeOf(tool, schedule, name), { due: name });
  call.subject = (await gate.rollout?.rollOut(subject)) ?? subject;
  await gate.pass(call);
}

/** Like an agent it never approves anything. Nobody else has its id. */
function subjectOf({ name, domain, scope, modes = [] }: ServedTool, { scopes }: Schedule): Subject {
  return Object.freeze({
    kind: "agent",
    id: `schedule:${name}`,
    caller: undefined,
    user: undefined,
    account: undefined,
    tenant: undefined,
    role: undefined,
    modes,
    scopes: scopes ?? (scope === undefined ? [] : [scope]),
    domains: [domain.name],
    attributes: {},
  } satisfies Subject);
}

function exchangeOf({ name, effect }: ServedTool, schedule: Schedule, due: string): Exchange {
  // By its due time a write is one, whichever process sends it.
  const own = effect === "read" ? {} : { idempotency_key: due };
  return ownExchange({
    method: "tools/call",
    params: { name, arguments: { ...own, ...schedule.with } },
    meta: {
      clientInfo: { name: "schedule", version: "1" },
      clientCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
    },
    signal: new AbortController().signal,
  });
}
