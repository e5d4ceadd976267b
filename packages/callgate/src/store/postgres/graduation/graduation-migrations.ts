import type { SubjectMigrations } from "../database/migrations.ts";

/** What smoke tests have found, and which write tools are switched on. */
export const graduationMigrations: SubjectMigrations = {
  subject: "graduations",
  steps: [
    `
    CREATE TABLE smoke_proofs (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      domain text NOT NULL,
      contract_hash text NOT NULL,
      at bigint NOT NULL,
      by text NOT NULL,
      gate_version text NOT NULL,
      passed int NOT NULL,
      outcomes text NOT NULL
    );
    CREATE INDEX smoke_proofs_domain ON smoke_proofs (domain, position);
    CREATE TABLE graduations (
      domain text,
      tool text,
      contract_hash text,
      proof_id text NOT NULL,
      at bigint NOT NULL,
      by text NOT NULL,
      withdrawn_at bigint,
      withdrawn_by text,
      PRIMARY KEY (domain, tool, contract_hash)
    );
    CREATE TABLE graduation_version (version bigint NOT NULL);
    INSERT INTO graduation_version VALUES (1);
    `,
  ],
};
