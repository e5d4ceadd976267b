import { inspect } from "node:util";
import type { Job, PgBoss } from "pg-boss";
import type { CallLog } from "../define/context.ts";
import { StoreError } from "../store/store-error.ts";
import type { ExecuteSql, TaskDatabase, TaskStore } from "../store/task-port.ts";
import { InProcessQueue } from "./in-process-queue.ts";
import { seldom } from "./seldom.ts";
import type { Delivered, TaskQueue } from "./task-queue.ts";
import type { TaskWorkers } from "./task-workers.ts";

const QUEUE = "tasks";
const CONNECTIONS = 3;
/** A worker that says nothing for so long is dead, and what it was brought is brought to another one. */
const HEARTBEAT_S = 30;
const RETRIES = 5;
const RETRY_S = 5;
/** Deliveries that came: nobody looks at them. */
const KEPT_S = 60 * 60;
const MOST_WAITING_S = 7 * 24 * 60 * 60;
const POLL_S = 2;
/** What no delivery has brought: of a process without a queue, or of one whose queue was away. */
const LOOK_EVERY_MS = 3_000;

interface Delivery {
  readonly task: string;
}

export interface PgBossQueueOptions {
  readonly database: TaskDatabase;
  readonly store: TaskStore;
  readonly workers: TaskWorkers;
  readonly atOnce: number;
  readonly log: CallLog;
}

/**
 * The queue of many machines: pg-boss in a schema of its own beside the rows. What it carries is the id of a row, put in
 * by the transaction that makes the row, so that neither is there without the other.
 */
export class PgBossQueue implements TaskQueue {
  readonly #boss: PgBoss;
  readonly #options: PgBossQueueOptions;
  /** Looks for what pg-boss does not bring, from when this is open. */
  #net: InProcessQueue | undefined;

  private constructor(boss: PgBoss, options: PgBossQueueOptions) {
    this.#boss = boss;
    this.#options = options;
  }

  static async start(options: PgBossQueueOptions): Promise<PgBossQueue> {
    const { PgBoss } = await import("pg-boss");
    const { connectionString } = options.database;
    const boss = new PgBoss({
      connectionString,
      // In quotes it is taken as it is, also beside one that differs in capitals alone.
      schema: `"${await options.database.queueSchema()}"`,
      createSchema: false,
      allowSchemaCaseVariant: true,
      application_name: "callgate queue",
      max: CONNECTIONS,
      useListenNotify: true,
      // Due times are the gate's own: see schedules.
      schedule: false,
    });
    // Each of its workers asks every other second, and says so where it is not answered.
    const tell = seldom(performance.now.bind(performance), (error, unsaid) =>
      options.log.warn("the queue of tasks has a problem", { error: inspect(error), unsaid }),
    );
    boss.on("error", tell);
    const queue = new PgBossQueue(boss, options);
    try {
      await queue.#begin();
      return queue;
    } catch (cause) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError("store_unavailable", `the queue of long work cannot be opened: ${why}`, { cause });
    }
  }

  readonly enlist = async ({ id, priority }: Delivered, execute: ExecuteSql): Promise<void> => {
    const db = {
      executeSql: async (text: string, values?: unknown[]) => ({ rows: [...(await execute(text, values))] }),
    };
    await this.#boss.send(QUEUE, { task: id } satisfies Delivery, { priority, db });
  };

  deliver({ id, priority }: Delivered): void {
    this.#boss.send(QUEUE, { task: id } satisfies Delivery, { priority }).catch((error: unknown) => {
      // It is looked for some seconds later all the same.
      this.#options.log.warn("a task could not be put into the queue", { task: id, error: inspect(error) });
    });
  }

  async stop(): Promise<void> {
    await this.#net?.stop();
    await this.#boss.offWork(QUEUE, { wait: false });
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 5_000 });
  }

  async #begin(): Promise<void> {
    const { atOnce, workers, log } = this.#options;
    await this.#boss.start();
    await this.#boss.createQueue(QUEUE, {
      notify: true,
      heartbeatSeconds: HEARTBEAT_S,
      retryLimit: RETRIES,
      retryDelay: RETRY_S,
      retentionSeconds: MOST_WAITING_S,
      deleteAfterSeconds: KEPT_S,
      // The longest that pg-boss knows; work that takes longer is brought again, and nobody can win its row.
      expireInSeconds: 23 * 60 * 60,
    });
    const working = { localConcurrency: atOnce, pollingIntervalSeconds: POLL_S, priority: true };
    await this.#boss.work<Delivery>(QUEUE, working, ([job]) => this.#work(job));
    this.#net = new InProcessQueue(workers, log, LOOK_EVERY_MS);
  }

  /** Ends when the work has ended here, or is none for this process: where no place is free now, the next to come free takes it up. */
  async #work(job: Job<Delivery> | undefined): Promise<void> {
    const row = job && (await this.#options.store.get(job.data.task));
    if (row === undefined || row.state !== "working") return;
    const begun = await this.#options.workers.begin(row);
    if (begun.kind !== "begun") return;
    await begun.ended;
    this.#net?.wake();
  }
}
