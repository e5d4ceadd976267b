import type { GateConfig } from "../../define/gate-config.ts";
import type { Sealer } from "../../ledger/sealer.ts";
import type { Store } from "../../store/port.ts";
import type { MostAtWork, TaskRow } from "../../store/task-port.ts";
import { InProcessQueue } from "../../tasks/in-process-queue.ts";
import type { PgBossQueueOptions } from "../../tasks/pg-boss-queue.ts";
import { type BegunTask, TaskBoard } from "../../tasks/task-board.ts";
import type { Delivered, TaskQueue } from "../../tasks/task-queue.ts";
import { TaskWorkers } from "../../tasks/task-workers.ts";
import type { GateParts } from "../parts.ts";
import { formerNames } from "../served/menus.ts";
import type { ServedTool } from "../served/served.ts";
import { isServed } from "../served/switched-on.ts";
import { performTask } from "./perform-task.ts";
import { Schedules } from "./schedules.ts";

const DEFAULT_AT_ONCE = 16;
const DEFAULT_OPEN = 10_000;
const DEFAULT_OPEN_PER_SUBJECT = 100;

export interface LongWorkOptions {
  readonly config: GateConfig;
  readonly store: Store;
  readonly sealer: Sealer;
  readonly clock: () => number;
}

/** The long work of a gate: the tasks of all its processes, and what this one does of it. */
export class LongWork {
  readonly board: TaskBoard;
  readonly #config: GateConfig;
  #workers: TaskWorkers | undefined;
  #queue: TaskQueue | undefined;
  #schedules: Schedules | undefined;
  #closing: Promise<void> | undefined;

  constructor({ config, store, sealer, clock }: LongWorkOptions) {
    const { mostOpen = DEFAULT_OPEN, mostOpenPerSubject = DEFAULT_OPEN_PER_SUBJECT } = config.tasks ?? {};
    this.#config = config;
    this.board = new TaskBoard({
      store: store.tasks,
      signals: store.signals,
      sealer,
      clock,
      room: { all: mostOpen, ofSubject: mostOpenPerSubject },
    });
  }

  /** Makes a task, durable before this resolves, and has it taken up. */
  async begin(task: BegunTask): Promise<TaskRow | "full" | "due"> {
    const enlist = this.#queue?.enlist;
    const begun = await this.board.begin({ ...task, within: enlist && ((execute) => enlist(task, execute)) });
    if (typeof begun !== "string" && enlist === undefined) this.deliver(begun);
    return begun;
  }

  /** Takes up what waits, from now on. */
  async start(gate: GateParts): Promise<void> {
    const { store, clock, log } = gate;
    const tools = new Map<string, ServedTool>();
    for (const tool of gate.registry.tools)
      for (const name of tool.long === undefined ? [] : namesOf(tool)) tools.set(name, tool);
    if (tools.size === 0) return;
    const atOnce = this.#config.tasks?.atOnce ?? DEFAULT_AT_ONCE;
    const workers = new TaskWorkers({
      store: store.tasks,
      signals: store.signals,
      board: this.board,
      clock,
      log,
      atOnce,
      mostOf: (name) => mostOf(tools.get(name)),
      tools: () => [...tools].filter(([name, tool]) => mayDo(gate, name, tool)).map(([name]) => name),
      work: (run) => performTask(gate, run),
    });
    this.#workers = workers;
    const { database } = store.tasks;
    this.#queue =
      database === undefined
        ? new InProcessQueue(workers, log)
        : await startBoss({ database, store: store.tasks, workers, atOnce, log });
    this.#schedules = await Schedules.start(gate);
  }

  /** Has a task taken up that waits again. */
  deliver(task: Delivered): void {
    this.#queue?.deliver(task);
  }

  /** Takes nothing up any more; what does not end within `graceMs` is left to others. */
  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    this.#schedules?.close();
    await this.#queue?.stop();
    await this.#workers?.close(graceMs);
    await this.#queue?.close();
  }
}

/** Work may wait, or be at work, that was begun when its tool had another name. */
function namesOf(tool: ServedTool): readonly string[] {
  return [...formerNames(tool), tool.name];
}

/** Of a tool that is off under its new name a replica of the version before may still do the work: here it would fail. */
function mayDo({ graduations }: GateParts, name: string, tool: ServedTool): boolean {
  return name === tool.name || isServed(graduations, tool);
}

function mostOf(tool: ServedTool | undefined): MostAtWork | undefined {
  return tool?.long?.most === undefined ? undefined : { tasks: tool.long.most, tools: namesOf(tool) };
}

/** Loaded here: a gate on one machine has no use for any of it. */
async function startBoss(options: PgBossQueueOptions): Promise<TaskQueue> {
  const { PgBossQueue } = await import("../../tasks/pg-boss-queue.ts");
  return PgBossQueue.start(options);
}
