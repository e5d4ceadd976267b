import type { SubjectMigrations } from "../database/migrations.ts";

/** Credentials for servers beyond the gate that rotate. */
export const tokenMigrations: SubjectMigrations = {
  subject: "tokens",
  steps: [
    `
    CREATE TABLE upstream_tokens (
      name text PRIMARY KEY,
      version bigint NOT NULL,
      sealed bytea,
      updated_at bigint NOT NULL,
      owner text,
      lease_until bigint NOT NULL
    );
    `,
  ],
};
