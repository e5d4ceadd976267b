import { dirname, join, resolve } from "node:path";
import { aboveZero, type Kind, type Kinds, text, wholeNumber } from "../../settings/kinds.ts";
import type { Store, StoreDeclaration, StoreOptions } from "../port.ts";
import { refuseOddStore } from "../refuse-odd-store.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./open-store.ts";

/** Rows after which a segment of the audit is sealed and the next one begins. */
const SEGMENT_ROWS = 250_000;

/** How a gate keeps its store in files. */
export interface SqliteOptions {
  /** Rows in a segment of the audit; 250,000 unless said otherwise. */
  readonly segmentRows?: number;
  /** Days after which segments of the audit are dropped; undefined: never. */
  readonly retentionDays?: number;
  /** Operations that may wait for the disk before more are refused; 20,000 unless said otherwise. */
  readonly maxPending?: number;
}

const PATH: Kind = { fits: text.fits, cure: 'Name a file: sqlite(".callgate/gate.db").' };
const KINDS: Kinds<SqliteOptions> = {
  segmentRows: wholeNumber(),
  retentionDays: aboveZero,
  maxPending: wholeNumber(),
};

/**
 * A store in files on this machine: `path` holds writes and keys, a folder `audit` beside it the audit. Every answer is
 * durable. Several processes on the same machine may use the same files; a network drive will not do.
 * Throws `DefinitionError` where an option holds what it may not.
 */
export function sqlite(path: string, options: SqliteOptions = {}): StoreDeclaration {
  refuseOddStore({ name: "sqlite", where: path, whereKind: PATH, options, kinds: KINDS });
  const gatePath = resolve(path);
  const folder = dirname(gatePath);
  const toStoreOptions = (given: StoreOptions): SqliteStoreOptions => ({
    gatePath,
    auditFolder: join(folder, "audit"),
    segmentRows: options.segmentRows ?? SEGMENT_ROWS,
    retentionDays: options.retentionDays,
    maxPending: options.maxPending ?? 20_000,
    ...given,
  });
  return {
    kind: "sqlite",
    location: gatePath,
    folder,
    open: (given): Promise<Store> => openSqliteStore(toStoreOptions(given)),
    upkeep: async (given) => {
      const { SqliteUpkeep } = await import("./upkeep/sqlite-upkeep.ts");
      return new SqliteUpkeep(toStoreOptions(given));
    },
  };
}
