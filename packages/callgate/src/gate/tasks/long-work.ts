import type { GateConfig } from "../../define/gate-config.ts";
import type { Sealer } from "../../ledger/sealer.ts";
import type { Store } from "../../store/port.ts";
import { InProcessQueue } from "../../tasks/in-process-queue.ts";
import { TaskBoard } from "../../tasks/task-board.ts";
import type { TaskQueue } from "../../tasks/task-queue.ts";
import { TaskWorkers } from "../../tasks/task-workers.ts";
import type { GateParts } from "../parts.ts";
import type { ServedTool } from "../served.ts";
import { performTask } from "./perform-task.ts";

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

  /** Takes up what waits, from now on. */
  start(gate: GateParts): void {
    const { store, clock, log } = gate;
    const tools = new Map<string, ServedTool>();
    for (const tool of gate.registry.tools) if (tool.long !== undefined) tools.set(tool.name, tool);
    if (tools.size === 0) return;
    this.#workers = new TaskWorkers({
      store: store.tasks,
      signals: store.signals,
      board: this.board,
      clock,
      log,
      atOnce: this.#config.tasks?.atOnce ?? DEFAULT_AT_ONCE,
      mostOf: (tool) => tools.get(tool)?.long?.most,
      knows: (tool) => tools.has(tool),
      work: (run) => performTask(gate, run),
    });
    this.#queue = new InProcessQueue(this.#workers, log);
  }

  /** Says that there may be something to take up. */
  wake(): void {
    this.#queue?.wake();
  }

  /** Takes nothing up any more; what does not end within `graceMs` is left to others. */
  async close(graceMs: number): Promise<void> {
    await this.#queue?.close();
    await this.#workers?.close(graceMs);
  }
}
