import type { SubjectMigrations } from "../database/migrations.ts";

/** Long work: one row a task. */
export const taskMigrations: SubjectMigrations = {
  subject: "tasks",
  steps: [
    `
    CREATE TABLE tasks (
      id text PRIMARY KEY,
      subject text NOT NULL,
      tenant text,
      tool text NOT NULL,
      call_id text NOT NULL,
      write_id text,
      state text NOT NULL,
      attempt bigint NOT NULL,
      owner text,
      lease_until bigint NOT NULL,
      priority bigint NOT NULL,
      sealed_call bytea NOT NULL,
      sealed_input bytea,
      sealed_outcome bytea,
      progress text NOT NULL,
      cost text NOT NULL,
      worked_ms bigint NOT NULL,
      code text,
      cancel_by text,
      cancel_at bigint,
      due text UNIQUE,
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      finished_at bigint,
      expires_at bigint NOT NULL
    );
    CREATE INDEX tasks_open ON tasks (priority DESC, created_at) WHERE finished_at IS NULL;
    CREATE INDEX tasks_subject ON tasks (subject, created_at);
    CREATE INDEX tasks_expiry ON tasks (expires_at);
    `,
  ],
};
