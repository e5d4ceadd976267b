import type { ArchiveBatch } from "../../archive/archived-tables.ts";
import { chainHashers, chainKeysOf, type HasherOf } from "../../audit-chain.ts";
import type { SchemaState, StoreStatus, StoreUpkeep } from "../../upkeep-port.ts";
import { AuditSegments } from "../audit/audit-segments.ts";
import { auditStatus } from "../audit/audit-status.ts";
import { loadAddress } from "../database/address.ts";
import { Connections } from "../database/connections.ts";
import { type MigrationPlan, migrate, planMigration } from "../database/migrate.ts";
import { migrations } from "../database/migrations.ts";
import type { PostgresStoreOptions } from "../open-store.ts";
import { fillStore } from "./fill-store.ts";
import { readStore } from "./read-store.ts";

/** A PostgreSQL store as a whole, on one connection. */
export class PostgresUpkeep implements StoreUpkeep {
  readonly #connections: Connections;
  readonly #schema: string;
  readonly #segmentMs: number;
  readonly #hasherOf: HasherOf;
  readonly #clock: () => number;

  private constructor(connections: Connections, { schema, segmentMs, keyRing, clock }: PostgresStoreOptions) {
    this.#connections = connections;
    this.#schema = schema;
    this.#segmentMs = segmentMs;
    this.#hasherOf = chainHashers(chainKeysOf(keyRing));
    this.#clock = clock;
  }

  static async open(options: PostgresStoreOptions): Promise<PostgresUpkeep> {
    const address = await loadAddress(options.address);
    const named = { applicationName: "callgate store", max: 1, statementMs: 0 };
    return new PostgresUpkeep(await Connections.open({ address, schema: options.schema, ...named }), options);
  }

  async schema(): Promise<SchemaState> {
    return toState(await planMigration(this.#connections, this.#schema, migrations));
  }

  async migrate(): Promise<SchemaState> {
    return toState(await migrate(this.#connections, this.#schema, migrations));
  }

  async status(): Promise<StoreStatus | undefined> {
    if ((await this.schema()).pending.length > 0) return undefined;
    const connections = this.#connections;
    const writes = await connections.run({ text: "SELECT state, count(*) FROM writes GROUP BY state ORDER BY state" });
    const [[keys, tasks, bytes] = []] = await connections.run({
      text: `SELECT (SELECT count(*) FROM keys), (SELECT count(*) FROM tasks), (
          SELECT sum(pg_total_relation_size(pg_class.oid))::bigint FROM pg_class
          JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 AND relkind = 'r')`,
      values: [this.#schema],
    });
    const segments = await new AuditSegments(connections, this.#segmentMs).list();
    return {
      writes: Object.fromEntries(writes.map(([state, count]) => [String(state), Number(count)])),
      keys: Number(keys),
      tasks: Number(tasks),
      audit: await auditStatus(connections, segments),
      bytes: Number(bytes),
    };
  }

  read(take: (batch: ArchiveBatch) => Promise<void>): Promise<void> {
    return readStore(this.#connections, take);
  }

  fill(batches: AsyncIterable<ArchiveBatch>): Promise<void> {
    const rules = { segmentMs: this.#segmentMs, hasherOf: this.#hasherOf, now: this.#clock() };
    return fillStore(this.#connections, batches, rules);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }
}

function toState({ taken, pending }: MigrationPlan): SchemaState {
  return { taken, pending: pending.map(({ subject, step }) => `${subject} ${step}`) };
}
