import { resolve } from "node:path";
import type { SecretReference } from "../../define/secret.ts";
import { aboveZero, anObject, either, type Kind, type Kinds, text, wholeNumber } from "../../settings/kinds.ts";
import type { StoreDeclaration, StoreOptions } from "../port.ts";
import { refuseOddStore } from "../refuse-odd-store.ts";
import { describeAddress } from "./database/address.ts";
import type { PostgresStoreOptions } from "./open-store.ts";

const CONNECTIONS = 10;
const FEWEST_CONNECTIONS = 4;
const HOUR_MS = 3_600_000;

/** How a gate keeps its store in PostgreSQL. */
export interface PostgresOptions {
  /** The schema that holds the store's tables; `callgate` unless said otherwise. */
  readonly schema?: string;
  /** Folder for files of the gate on this machine, such as its key ring; `.callgate` unless said otherwise. */
  readonly folder?: string;
  /** Connections of one gate at most; 10 unless said otherwise, and never less than 4. */
  readonly connections?: number;
  /** Hours of one partition of the audit; 24 unless said otherwise. It is what retention drops at a time. */
  readonly partitionHours?: number;
  /** Days after which partitions of the audit are dropped; undefined: never. */
  readonly retentionDays?: number;
  /** Operations that may wait for the server before more are refused; 20,000 unless said otherwise. */
  readonly maxPending?: number;
}

const ADDRESS: Kind = either(text, anObject(""), 'Give its address by reference: postgres(env("DATABASE_URL")).');
const KINDS: Kinds<PostgresOptions> = {
  schema: text,
  folder: text,
  connections: wholeNumber(),
  partitionHours: aboveZero,
  retentionDays: aboveZero,
  maxPending: wholeNumber(),
};

/**
 * A store in a PostgreSQL database, 15 or newer, for any number of gates on any number of machines. Every answer is
 * durable. The address is text or, better, a reference: `env("DATABASE_URL")`. The first gate that starts makes the tables.
 * Throws `DefinitionError` where an option holds what it may not.
 */
export function postgres(address: string | SecretReference, options: PostgresOptions = {}): StoreDeclaration {
  refuseOddStore({ name: "postgres", where: address, whereKind: ADDRESS, options, kinds: KINDS });
  const toStoreOptions = (given: StoreOptions): PostgresStoreOptions => ({
    address,
    schema: options.schema ?? "callgate",
    connections: Math.max(options.connections ?? CONNECTIONS, FEWEST_CONNECTIONS),
    segmentMs: Math.max(1, Math.round((options.partitionHours ?? 24) * HOUR_MS)),
    retentionDays: options.retentionDays,
    maxPending: options.maxPending ?? 20_000,
    ...given,
  });
  return {
    kind: "postgres",
    get location() {
      return describeAddress(address);
    },
    folder: resolve(options.folder ?? ".callgate"),
    secrets: typeof address === "string" ? [] : [address],
    // Loaded here: a gate on SQLite has no use for any of it.
    open: async (given) => {
      const { openPostgresStore } = await import("./open-store.ts");
      return openPostgresStore(toStoreOptions(given));
    },
    upkeep: async (given) => {
      const { PostgresUpkeep } = await import("./upkeep/postgres-upkeep.ts");
      return PostgresUpkeep.open(toStoreOptions(given));
    },
  };
}
