import type { SubjectMigrations } from "../database/migrations.ts";

/** Raised by `take_audit_place` where the writer's chain does not stand where the batch begins. */
export const ELSEWHERE = "CG001";
/** Raised by a partition that is sealed. */
export const SEALED = "CG002";
/** PostgreSQL's own word for a row that no partition takes. */
export const NO_PARTITION = "23514";

/**
 * The audit: rows in partitions by the time of recording, which `audit_segments` numbers; where each writer's chain
 * stands, signed; and where the chains stood at the end of sealed and dropped partitions, signed.
 */
export const auditMigrations: SubjectMigrations = {
  subject: "audit",
  steps: [
    `
    CREATE SEQUENCE audit_position;
    CREATE TABLE audit_rows (
      position bigint NOT NULL DEFAULT nextval('audit_position'),
      recorded_at bigint NOT NULL,
      at bigint NOT NULL,
      input_bytes bigint NOT NULL,
      result_bytes bigint NOT NULL,
      input_tokens bigint NOT NULL,
      result_tokens bigint NOT NULL,
      count bigint NOT NULL,
      ordinal bigint NOT NULL,
      duration_us double precision NOT NULL,
      call_id text NOT NULL,
      kind text NOT NULL,
      outcome text NOT NULL,
      method text NOT NULL,
      transport text NOT NULL,
      revision text NOT NULL,
      writer text NOT NULL,
      hash text NOT NULL,
      tool text,
      domain text,
      subject text,
      caller text,
      code text,
      trace_id text,
      write_id text,
      effect text,
      category text,
      subject_kind text,
      account text,
      tenant text,
      role text,
      client text,
      span_id text,
      stages text,
      payload_digest text,
      reason text,
      message text,
      arguments text,
      result text,
      sent text
    ) PARTITION BY RANGE (recorded_at);

    CREATE TABLE audit_segments (
      number int PRIMARY KEY,
      from_time bigint NOT NULL,
      until_time bigint NOT NULL,
      state text NOT NULL,
      row_count bigint NOT NULL DEFAULT 0,
      from_at bigint,
      until_at bigint,
      text_position bigint NOT NULL DEFAULT 0,
      text_rows bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE audit_seals (
      segment int,
      writer text,
      first_ordinal bigint NOT NULL,
      last_ordinal bigint NOT NULL,
      last_hash text NOT NULL,
      until_at bigint NOT NULL,
      is_dropped boolean NOT NULL,
      signature text NOT NULL,
      PRIMARY KEY (segment, writer)
    );
    CREATE TABLE audit_writers (
      writer text PRIMARY KEY,
      ordinal bigint NOT NULL,
      hash text NOT NULL,
      at bigint NOT NULL,
      signature text NOT NULL
    ) WITH (fillfactor = 30);

    CREATE FUNCTION take_audit_place(
      by_writer text, from_ordinal bigint, to_ordinal bigint, to_hash text, head_at bigint, head_signature text
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF from_ordinal = 0 THEN
        INSERT INTO audit_writers VALUES (by_writer, to_ordinal, to_hash, head_at, head_signature) ON CONFLICT DO NOTHING;
      ELSE
        UPDATE audit_writers SET ordinal = to_ordinal, hash = to_hash, at = head_at, signature = head_signature
        WHERE writer = by_writer AND ordinal = from_ordinal;
      END IF;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'the chain of % does not stand at %', by_writer, from_ordinal USING ERRCODE = '${ELSEWHERE}';
      END IF;
    END $$;

    CREATE FUNCTION refuse_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the partition % is sealed', TG_TABLE_NAME USING ERRCODE = '${SEALED}';
    END $$;
    `,
  ],
};
