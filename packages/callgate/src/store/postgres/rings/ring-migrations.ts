import type { SubjectMigrations } from "../database/migrations.ts";

/** Keys that gates have sealed with, by their ids, the newest last. */
export const ringMigrations: SubjectMigrations = {
  subject: "rings",
  steps: [
    `
    CREATE TABLE ring_keys (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      at bigint NOT NULL
    );
    `,
  ],
};
