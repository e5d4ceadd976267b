import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ArchiveBatch } from "../../archive/archived-tables.ts";
import { type ChainKeys, chainHashers, type HasherOf } from "../../audit-chain.ts";
import type { AuditStatus } from "../../audit-port.ts";
import type { SchemaState, StoreStatus, StoreUpkeep } from "../../upkeep-port.ts";
import { registryPath } from "../audit/audit-files.ts";
import { listSegments } from "../audit/list-segments.ts";
import { SegmentReaders } from "../audit/segment-readers.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { gateMigrations } from "../database/gate-migrations.ts";
import { migrate } from "../database/migrate.ts";
import { makePrivateFolder, openDatabase } from "../database/open-database.ts";
import type { SqliteStoreOptions } from "../open-store.ts";
import { fillFiles } from "./fill-files.ts";
import { readFiles } from "./read-files.ts";

const NO_AUDIT: AuditStatus = { rows: 0, segments: 0, openRows: 0, textIndexLag: 0 };

/** A store in files as a whole. */
export class SqliteUpkeep implements StoreUpkeep {
  readonly #options: SqliteStoreOptions;
  readonly #hasherOf: HasherOf;

  constructor(options: SqliteStoreOptions) {
    const { chainKey, chainKeyId, olderChainKeys } = options.keyRing;
    const keys: ChainKeys = { chainKey, chainKeyId, olderChainKeys: olderChainKeys ?? new Map() };
    this.#options = options;
    this.#hasherOf = chainHashers(keys);
  }

  async schema(): Promise<SchemaState> {
    const taken = this.#version();
    const pending = gateMigrations.slice(taken).map((_, index) => `gate ${taken + index + 1}`);
    return { taken, pending };
  }

  async migrate(): Promise<SchemaState> {
    const before = await this.schema();
    const { gatePath } = this.#options;
    makePrivateFolder(dirname(gatePath));
    const database = openDatabase(gatePath);
    try {
      migrate(database, gateMigrations);
    } finally {
      database.close();
    }
    return before;
  }

  async status(): Promise<StoreStatus | undefined> {
    if ((await this.schema()).pending.length > 0) return undefined;
    const database = new DatabaseSync(this.#options.gatePath, { readOnly: true });
    try {
      const count = (table: string): number =>
        Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
      const writes = database.prepare("SELECT state, count(*) AS n FROM writes GROUP BY state ORDER BY state").all();
      return {
        writes: Object.fromEntries(writes.map(({ state, n }) => [String(state), Number(n)])),
        keys: count("keys"),
        tasks: count("tasks"),
        audit: this.#auditStatus(),
        bytes: this.#bytes(),
      };
    } finally {
      database.close();
    }
  }

  read(take: (batch: ArchiveBatch) => Promise<void>): Promise<void> {
    const { gatePath, auditFolder } = this.#options;
    return readFiles({ gatePath, folder: auditFolder, hasherOf: this.#hasherOf }, take);
  }

  async fill(batches: AsyncIterable<ArchiveBatch>): Promise<void> {
    const { gatePath, auditFolder: folder, segmentRows, clock } = this.#options;
    await this.migrate();
    await fillFiles({ gatePath, folder, segmentRows, hasherOf: this.#hasherOf, now: clock() }, batches);
  }

  async close(): Promise<void> {
    // Nothing is held open between two of its works.
  }

  #version(): number {
    const { gatePath } = this.#options;
    if (!existsSync(gatePath)) return 0;
    const database = new DatabaseSync(gatePath, { readOnly: true });
    try {
      const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").get() !== undefined;
      return isThere ? Number(database.prepare("SELECT version FROM schema_version").get()?.["version"] ?? 0) : 0;
    } finally {
      database.close();
    }
  }

  #auditStatus(): AuditStatus {
    const { auditFolder } = this.#options;
    if (!existsSync(registryPath(auditFolder))) return NO_AUDIT;
    const registry = new DatabaseReader(registryPath(auditFolder));
    const readers = new SegmentReaders(auditFolder);
    try {
      const segments = listSegments(registry, readers);
      const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
      const openRows = segments.filter(({ state }) => state === "open").reduce((sum, segment) => sum + segment.rows, 0);
      const textIndexLag = rows - segments.reduce((sum, segment) => sum + segment.textRows, 0);
      return { rows, segments: segments.length, openRows, textIndexLag };
    } finally {
      readers.close();
      registry.close();
    }
  }

  #bytes(): number {
    const { gatePath, auditFolder } = this.#options;
    const audit = existsSync(auditFolder) ? readdirSync(auditFolder).map((name) => join(auditFolder, name)) : [];
    const files = [gatePath, `${gatePath}-wal`, ...audit];
    return files.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  }
}
