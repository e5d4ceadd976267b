import { auditMigrations } from "../audit/audit-migrations.ts";
import { graduationMigrations } from "../graduation/graduation-migrations.ts";
import { keyMigrations } from "../keys/key-migrations.ts";
import { ledgerMigrations } from "../ledger/ledger-migrations.ts";
import { processMigrations } from "../processes/process-migrations.ts";
import { ringMigrations } from "../rings/ring-migrations.ts";
import { taskMigrations } from "../tasks/task-migrations.ts";
import { tokenMigrations } from "../tokens/token-migrations.ts";

/**
 * The steps of one subject's tables, forward only. A step that has been released is never changed: a database remembers
 * its hash. Steps name tables without a schema; the connection says in which one they are.
 */
export interface SubjectMigrations {
  readonly subject: string;
  readonly steps: readonly string[];
}

export type Migrations = readonly SubjectMigrations[];

/** Every subject, in the order in which an empty schema gets its tables. A further one comes last. */
export const migrations: Migrations = [
  ledgerMigrations,
  auditMigrations,
  keyMigrations,
  ringMigrations,
  processMigrations,
  graduationMigrations,
  taskMigrations,
  tokenMigrations,
];
