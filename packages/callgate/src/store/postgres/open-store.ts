import type { SecretReference } from "../../define/secret.ts";
import { ChainHasher, type ChainKeys, type ChainValue, chainHashers, chainKeysOf } from "../audit-chain.ts";
import type { AuditStore } from "../audit-port.ts";
import type { Store, StoreOptions } from "../port.ts";
import { StoreError } from "../store-error.ts";
import type { TaskDatabase } from "../task-port.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { AuditAppender } from "./audit/audit-appender.ts";
import { AuditKeeper } from "./audit/audit-keeper.ts";
import { AuditSegments } from "./audit/audit-segments.ts";
import { PostgresAuditStore } from "./audit/audit-store.ts";
import { verifyApart } from "./audit/verify-apart.ts";
import { loadAddress, type PostgresAddress } from "./database/address.ts";
import { BatchQueue } from "./database/batch-queue.ts";
import { Connections } from "./database/connections.ts";
import { makeSchema, migrate } from "./database/migrate.ts";
import { migrations } from "./database/migrations.ts";
import { PostgresGraduationStore } from "./graduation/graduation-store.ts";
import { PostgresKeyStore } from "./keys/key-store.ts";
import { PostgresLedgerStore } from "./ledger/ledger-store.ts";
import { PostgresProcessStore } from "./processes/process-store.ts";
import { PostgresRingStore } from "./rings/ring-store.ts";
import { PostgresSignals } from "./signals/signal-store.ts";
import { PostgresTaskStore } from "./tasks/task-store.ts";
import { PostgresTokenStore } from "./tokens/token-store.ts";

export interface PostgresStoreOptions extends StoreOptions {
  readonly address: string | SecretReference;
  readonly schema: string;
  readonly connections: number;
  readonly segmentMs: number;
  readonly retentionDays: number | undefined;
  readonly maxPending: number;
}

/** Rows of one commit at most: more would make the ones in it wait longer without making it cheaper. */
const MAX_BATCH = 512;
/** Milliseconds after which the server ends a statement: a lock that somebody holds must not hold a gate. */
const STATEMENT_MS = 10_000;
/** The share of the connections that searches and lists may take; what is written, and who may call, never waits behind them. */
const READING_SHARE = 1 / 3;
const APPLICATION = "callgate";

/** Connections by what they are for. */
interface Lanes {
  readonly writing: Connections;
  readonly reading: Connections;
  /** For housekeeping, whose statements take as long as they take. */
  readonly keeping: Connections;
}

/** Connects, brings the schema to its newest state, and puts the parts of the store together. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { schema, maxPending } = options;
  const address = await loadAddress(options.address);
  const lanes = await openLanes(address, options);
  const parts: { close(): void | Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(parts.map(async (part) => part.close()));
    await closeLanes(lanes);
  };
  const opened = <Part extends (typeof parts)[number]>(part: Part): Part => {
    parts.push(part);
    return part;
  };
  try {
    await migrate(lanes.keeping, schema, migrations);
    const audit = opened(openAudit(address, lanes, options));
    await audit.segments.makeAhead(options.clock());
    const ledger = opened(new PostgresLedgerStore(lanes, maxPending));
    const { writing } = lanes;
    const signals = opened(await PostgresSignals.open({ address, schema, writing, applicationName: APPLICATION }));
    const keys = opened(await PostgresKeyStore.open(writing, signals));
    return {
      ledger,
      audit: audit.store,
      keys,
      signals,
      rings: new PostgresRingStore(writing),
      processes: new PostgresProcessStore(writing),
      graduations: new PostgresGraduationStore(writing),
      tasks: new PostgresTaskStore(writing, taskDatabase(address, schema, writing)),
      tokens: new PostgresTokenStore(writing),
      health: (signal) => unlessAborted(signal, () => writing.run({ name: "health", text: "SELECT 1" })),
      close,
    };
  } catch (error) {
    // What broke first is what is told.
    await close().catch(() => undefined);
    throw error;
  }
}

function taskDatabase({ connectionString }: PostgresAddress, schema: string, connections: Connections): TaskDatabase {
  const queueSchema = async (): Promise<string> => {
    const name = `${schema}_queue`;
    await makeSchema(connections, name);
    return name;
  };
  return { connectionString, queueSchema };
}

async function openLanes(address: PostgresAddress, { schema, connections }: PostgresStoreOptions): Promise<Lanes> {
  const reads = Math.max(1, Math.round((connections - 1) * READING_SHARE));
  const open = (max: number, statementMs: number): Promise<Connections> =>
    Connections.open({ address, schema, max, statementMs, applicationName: APPLICATION });
  return {
    writing: await open(connections - 1 - reads, STATEMENT_MS),
    reading: await open(reads, STATEMENT_MS),
    keeping: await open(1, 0),
  };
}

async function closeLanes({ writing, reading, keeping }: Lanes): Promise<void> {
  await Promise.all([writing.close(), reading.close(), keeping.close()]);
}

function openAudit(
  address: PostgresAddress,
  { writing, reading, keeping }: Lanes,
  { schema, keyRing, segmentMs, retentionDays, maxPending, clock }: PostgresStoreOptions,
): { readonly store: AuditStore; readonly segments: AuditSegments; close(): Promise<void> } {
  // Asked for each time: a ring that replicas share takes in keys while the gate runs.
  const chainKeys = (): ChainKeys => chainKeysOf(keyRing);
  const hasherOf = (writer: string): ChainHasher | undefined => chainHashers(chainKeys())(writer);
  const segments = new AuditSegments(keeping, segmentMs);
  const keeper = new AuditKeeper({ connections: keeping, segments, segmentMs, hasherOf, retentionDays, clock });
  const appender = new AuditAppender({
    connections: writing,
    segments,
    hasher: new ChainHasher(keyRing.chainKey),
    chainKeyId: keyRing.chainKeyId,
    clock,
  });
  const appends = new BatchQueue<readonly ChainValue[], void>({
    name: "audit rows",
    maxBatch: MAX_BATCH,
    maxPending,
    // One after the other: a chain has one end.
    lanes: 1,
    flush: (rows) => appender.append(rows),
  });
  const closed = new AbortController();
  const verify: AuditStore["verify"] = (signal) => {
    const until = signal === undefined ? closed.signal : AbortSignal.any([closed.signal, signal]);
    return verifyApart({ address, schema, ...chainKeys() }, until);
  };
  const shown = new AuditSegments(reading, segmentMs);
  const store = new PostgresAuditStore({ appends, reading, keeping, segments: shown, keeper, hasherOf, verify });
  return {
    store,
    segments,
    close: async () => {
      closed.abort(new StoreError("store_closed", "the store is closed"));
      await keeper.close();
      await appends.close();
    },
  };
}
