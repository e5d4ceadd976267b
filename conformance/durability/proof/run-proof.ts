import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RedisServer } from "../../../packages/callgate/src/limits/redis/testing/redis-server.ts";
import { openKeyRing } from "../../../packages/callgate/src/secrets/key-ring.ts";
import type { Store } from "../../../packages/callgate/src/store/port.ts";
import { OPEN_TASK_STATES } from "../../../packages/callgate/src/store/task-port.ts";
import { check } from "../checker/check.ts";
import { type Evidence, readStore } from "../checker/evidence.ts";
import type { Violation } from "../checker/violation.ts";
import { Client } from "../clients/client.ts";
import { History } from "../clients/history.ts";
import { isFinal } from "../clients/persist.ts";
import { type Effects, startEffects } from "../effects/start-effects.ts";
import type { Strike } from "../nemesis/fault.ts";
import { strikeAll } from "../nemesis/nemesis.ts";
import { scheduleFaults } from "../nemesis/schedule.ts";
import { Replicas } from "../replica/replicas.ts";
import { canHaveHosts } from "../replica/start-replica.ts";
import { storeOf } from "../replica/store-of.ts";
import { openTriedStore } from "../stores/open-tried-store.ts";
import type { TriedStore } from "../stores/tried-store.ts";
import { Dice } from "./dice.ts";
import type { ProofOptions } from "./options.ts";
import { type Report, toReport } from "./report.ts";

/** Beyond any lease that was given in the run. */
const LATER_MS = 60_000;
const MOST_ASKED = 20;
const TASKS_END_MS = 60_000;

/** How a run is going, for a line that people watch. */
export interface Progress {
  readonly phase: "writing" | "asking again" | "judging";
  readonly seconds: number;
  readonly requests: number;
  readonly kills: number;
  readonly starts: number;
}

export interface Proving extends ProofOptions {
  /** For everything that the run writes; made here, removed by whoever gave it. */
  readonly folder: string;
  readonly onProgress?: (progress: Progress) => void;
}

/** Runs clients and faults against replicas, then judges what is left. The evidence lies in the folder afterwards. */
export async function runProof(proving: Proving): Promise<Report> {
  const { folder, onProgress = () => undefined, ...options } = proving;
  mkdirSync(folder, { recursive: true });
  await using trial = await startTrial(options, folder);
  const { replicas, clients, history, now } = trial;
  let phase: Progress["phase"] = "writing";
  const say = (): void => {
    const { kills, starts } = replicas.endings;
    onProgress({ phase, seconds: now() / 1_000, requests: history.requests.length, kills, starts });
  };
  const timer = setInterval(say, 1_000);
  try {
    await replicas.start();
    trial.begin();
    await live(trial, options.seconds * 1_000);
    phase = "asking again";
    await settle(trial);
    await Promise.all(clients.map((client) => askAgain(client)));
    await withStore(trial, tasksEnded);
    await replicas.end();
    phase = "judging";
    return await judge(trial, options, folder);
  } finally {
    clearInterval(timer);
    history.flush();
  }
}

interface Trial extends AsyncDisposable {
  readonly effects: Effects;
  readonly store: TriedStore;
  /** Where replicas count together: those of many machines. */
  readonly redis: RedisServer | undefined;
  readonly replicas: Replicas;
  readonly clients: readonly Client[];
  readonly history: History;
  readonly schedule: readonly Strike[];
  readonly machines: "one" | "each";
  /** Time counts from here on. */
  readonly begin: () => void;
  /** Milliseconds since it began. */
  readonly now: () => number;
}

async function startTrial(options: ProofOptions, folder: string): Promise<Trial> {
  const dice = new Dice(options.seed);
  let began = performance.now();
  const now = (): number => Math.round(performance.now() - began);
  const begin = (): void => {
    began = performance.now();
  };
  const effects = await startEffects(join(folder, "effects.jsonl"), options);
  const store = await openTriedStore(options.store, folder);
  const redis = options.store === "postgres" ? await RedisServer.start() : undefined;
  const setting = { store: store.setting, effectsUrl: effects.url, redisUrl: redis?.url };
  // SQLite's processes share a machine; those of PostgreSQL may not.
  const machines = options.store === "postgres" && canHaveHosts() ? "each" : "one";
  const replicas = new Replicas({ count: options.replicas, setting, machines, folder });
  const history = new History(join(folder, "requests.jsonl"));
  const clients = Array.from({ length: options.clients }, (_, number) => {
    const name = `client-${number + 1}`;
    return new Client({ name, dice: dice.named(name), addresses: replicas, history, now });
  });
  const hasRedis = redis !== undefined;
  const schedule = scheduleFaults({ dice: dice.named("faults"), ms: options.seconds * 1_000, hasRedis, ...options });
  writeFileSync(join(folder, "schedule.json"), JSON.stringify(schedule, null, 1));
  const end = async (): Promise<void> => {
    for (const client of clients) client.close();
    await replicas.end();
    await store.close();
    await redis?.end();
    await effects.end();
  };
  return {
    effects,
    store,
    redis,
    replicas,
    clients,
    history,
    schedule,
    machines,
    begin,
    now,
    [Symbol.asyncDispose]: end,
  };
}

/** Clients write and faults strike, for so long. */
async function live(trial: Trial, ms: number): Promise<void> {
  const { clients, now } = trial;
  const enough = new AbortController();
  const striking = strikeAll(trial);
  const living = Promise.all(clients.map((client) => client.live(enough.signal)));
  await delay(Math.max(0, ms - now()));
  enough.abort();
  await Promise.all([living, striking]);
}

/** All is well again, and so much later that whatever was left behind is nobody's: the next start has to settle it. */
async function settle({ replicas, effects }: Trial): Promise<void> {
  effects.setMood("well");
  await replicas.end();
  for (let number = 0; number < replicas.count; number += 1) replicas.setClock(number, LATER_MS);
  await replicas.start();
}

/** Whoever wrote under a key asks what became of it. */
async function askAgain(client: Client): Promise<void> {
  for (const [number, write] of client.wanted.entries()) {
    if (write.key === undefined) continue;
    for (let tries = 0; tries < MOST_ASKED; tries += 1) {
      const answer = await client.askAgain(write, (number + tries) % client.replicas);
      if (isFinal(answer, write.tool, tries)) break;
    }
  }
}

async function judge(trial: Trial, options: ProofOptions, folder: string): Promise<Report> {
  const { schedule, machines, replicas, now } = trial;
  const evidence = await gather(trial);
  for (const [name, rows] of Object.entries({
    writes: evidence.writes,
    audit: evidence.audit,
    wanted: evidence.wanted,
  }))
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const crashes = replicas.endings.crashes.map((what): Violation => ({ kind: "broken", where: "replica", what }));
  const violations = [...check(evidence), ...crashes];
  const { endings } = replicas;
  const report = toReport({ options, machines, schedule, endings, evidence, violations, seconds: now() / 1_000 });
  writeFileSync(join(folder, "report.json"), JSON.stringify(report, null, 1));
  return report;
}

async function gather(trial: Trial): Promise<Evidence> {
  const { effects, history, clients } = trial;
  const wanted = clients.flatMap((client) => client.wanted);
  const stored = await withStore(trial, readStore);
  return { effects: effects.read(), requests: history.requests, wanted, ...stored };
}

/** A task whose process died is begun again once nobody has heard of that for a while; its call is on record after that. */
async function tasksEnded({ tasks }: Store): Promise<void> {
  const until = performance.now() + TASKS_END_MS;
  const isOpen = async (): Promise<boolean> => {
    const { rows } = await tasks.list({ limit: 1_000 });
    return rows.some(({ state }) => OPEN_TASK_STATES.includes(state));
  };
  while ((await isOpen()) && performance.now() < until) await delay(200);
}

/** Opens the store beside the replicas, or after them. */
async function withStore<Found>({ store }: Trial, look: (store: Store) => Promise<Found>): Promise<Found> {
  const declared = storeOf(store.setting);
  const opened = await declared.open({ keyRing: openKeyRing({ folder: declared.folder }), clock: Date.now });
  try {
    return await look(opened);
  } finally {
    await opened.close();
  }
}
