import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { chainKeysOf } from "../audit-chain.ts";
import type { AuditVerification } from "../audit-port.ts";
import type { Store, StoreOptions } from "../port.ts";
import { StoreError } from "../store-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { AuditKeeper } from "./audit/audit-keeper.ts";
import { SqliteAuditStore } from "./audit/audit-store.ts";
import type { KeeperWorkerData } from "./audit/keeper-worker.ts";
import { makePrivateFolder, openForReading } from "./database/open-database.ts";
import { createTimeToRemove } from "./database/time-to-remove.ts";
import { SqliteGraduationStore } from "./graduation/graduation-store.ts";
import { SqliteKeyStore } from "./keys/key-store.ts";
import { SqliteLedgerStore } from "./ledger/ledger-store.ts";
import { SqliteProcessStore } from "./processes/process-store.ts";
import { SqliteRingStore } from "./rings/ring-store.ts";
import { SqliteSignals } from "./signals/signal-store.ts";
import { SqliteTaskStore } from "./tasks/task-store.ts";
import { BatchChannel, type BatchChannelOptions } from "./threads/batch-channel.ts";
import { LazyChannel } from "./threads/lazy-channel.ts";
import { startWorker, type WorkerEntry } from "./threads/start-worker.ts";
import { SqliteTokenStore } from "./tokens/token-store.ts";

/** Operations of one commit at most: more would make the ones in it wait longer without making it cheaper. */
const MAX_BATCH = 256;

export interface SqliteStoreOptions extends StoreOptions {
  readonly gatePath: string;
  readonly auditFolder: string;
  readonly segmentRows: number;
  readonly retentionDays: number | undefined;
  readonly maxPending: number;
}

/** Opens the files, starts the threads, and puts the parts of the store together. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { gatePath, auditFolder: folder, segmentRows, keyRing, maxPending, retentionDays, clock } = options;
  makePrivateFolder(dirname(gatePath));
  makePrivateFolder(folder);
  const { chainKey, chainKeyId } = keyRing;
  const onNeedsCare = (): void => keeper.tend();
  const writing = { maxBatch: MAX_BATCH, maxPending, onNeedsCare };
  const [ledger, appender] = await startBoth(
    startChannel("ledger/ledger-worker", { path: gatePath }, { name: "ledger", ...writing }),
    startChannel("audit/append-worker", { folder, segmentRows, chainKey, chainKeyId }, { name: "audit", ...writing }),
  );
  const single = { maxBatch: 1, maxPending };
  // Keys may be added to the ring while the store is open.
  const keeping = (): KeeperWorkerData => ({ folder, gatePath, ...chainKeysOf(keyRing) });
  const searching = { folder, gatePath };
  const searcher = new LazyChannel(() => startChannel("audit/search-worker", searching, { name: "search", ...single }));
  const timeToRemove = createTimeToRemove();
  const keeper = new AuditKeeper({
    thread: new LazyChannel(() => startChannel("audit/keeper-worker", keeping(), { name: "housekeeping", ...single })),
    ledger,
    appender,
    retentionDays,
    clock,
    timeToRemove,
  });
  const reader = openForReading(gatePath);
  const signals = new SqliteSignals(ledger, reader);
  const closed = new AbortController();
  return {
    ...tablesOn({ ledger, reader, searcher, timeToRemove }),
    audit: new SqliteAuditStore({
      appender,
      searcher,
      keeper,
      verify: (signal) =>
        verify(keeping(), signal === undefined ? closed.signal : AbortSignal.any([closed.signal, signal])),
    }),
    signals,
    health: (signal) =>
      unlessAborted(signal, () => Promise.all([ledger.call(["health"]), appender.call([null, "health"])])),
    close: async () => {
      closed.abort(new StoreError("store_closed", "the store is closed"));
      await signals.close();
      await keeper.close();
      await searcher.close();
      await Promise.all([ledger.close(), appender.close()]);
      if (reader.isOpen) reader.close();
    },
  };
}

interface GateDatabase {
  /** The one thread that writes to it. */
  readonly ledger: BatchChannel;
  readonly reader: DatabaseSync;
  readonly searcher: LazyChannel;
  readonly timeToRemove: (now: number) => number;
}

/** What stands in gate.db. */
function tablesOn({
  ledger,
  reader,
  searcher,
  timeToRemove,
}: GateDatabase): Pick<Store, "ledger" | "keys" | "rings" | "processes" | "graduations" | "tasks" | "tokens"> {
  return {
    ledger: new SqliteLedgerStore(ledger, searcher, timeToRemove),
    keys: new SqliteKeyStore(ledger, reader),
    rings: new SqliteRingStore(ledger),
    processes: new SqliteProcessStore(ledger),
    graduations: new SqliteGraduationStore(ledger, reader),
    tasks: new SqliteTaskStore(ledger, timeToRemove),
    tokens: new SqliteTokenStore(ledger, reader),
  };
}

async function startChannel(entry: WorkerEntry, data: unknown, options: BatchChannelOptions): Promise<BatchChannel> {
  return new BatchChannel(await startWorker(entry, data), options);
}

// Where one of the two cannot start, the other one must not stay behind.
async function startBoth(
  first: Promise<BatchChannel>,
  second: Promise<BatchChannel>,
): Promise<readonly [BatchChannel, BatchChannel]> {
  const started = await Promise.allSettled([first, second]);
  if (started[0].status === "fulfilled" && started[1].status === "fulfilled")
    return [started[0].value, started[1].value];
  for (const each of started) if (each.status === "fulfilled") await each.value.close();
  throw started.find((each) => each.status === "rejected")?.reason;
}

// A thread of its own, which is ended with the signal: it reads for minutes and looks at nothing else meanwhile.
async function verify(keeping: KeeperWorkerData, signal: AbortSignal): Promise<AuditVerification> {
  signal.throwIfAborted();
  const worker = await startWorker("audit/verify-worker", keeping);
  const thread = new BatchChannel(worker, { name: "verification", maxBatch: 1, maxPending: 1 });
  const stop = (): void => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await thread.call<AuditVerification>(["verify"]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await thread.close();
  }
}
