import type { SubjectMigrations } from "../database/migrations.ts";

/** Keys and the counter of their changes. */
export const keyMigrations: SubjectMigrations = {
  subject: "keys",
  steps: [
    `
    CREATE TABLE keys (
      id text PRIMARY KEY,
      hash text NOT NULL UNIQUE,
      kind text NOT NULL,
      name text NOT NULL,
      "user" text,
      tenant text,
      role text,
      scopes text NOT NULL,
      domains text,
      attributes text NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint,
      revoked_at bigint,
      last_used_at bigint,
      replaced_by text,
      write_key text UNIQUE
    );
    CREATE TABLE key_version (version bigint NOT NULL);
    INSERT INTO key_version VALUES (1);
    `,
  ],
};
