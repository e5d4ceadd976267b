import type { SubjectMigrations } from "../database/migrations.ts";

/** Processes with a gate on the store, and when they were heard of. */
export const processMigrations: SubjectMigrations = {
  subject: "processes",
  steps: ["CREATE TABLE processes (owner text PRIMARY KEY, heard_at bigint NOT NULL)"],
};
