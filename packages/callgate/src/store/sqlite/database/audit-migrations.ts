/** The schema of audit/index.db, the registry of segments. */
export const registryMigrations: readonly string[] = [
  `
  CREATE TABLE segments (
    number INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    row_count INTEGER NOT NULL DEFAULT 0,
    from_at INTEGER,
    until_at INTEGER,
    text_rows INTEGER NOT NULL DEFAULT 0,
    sealer_until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE segment_writers (
    segment INTEGER NOT NULL,
    writer TEXT NOT NULL,
    first_ordinal INTEGER NOT NULL,
    last_ordinal INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (segment, writer)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** The schema of one segment, audit/<number>.db. Indexes come when it is sealed: see seal-segment.ts. */
export const segmentMigrations: readonly string[] = [
  `
  CREATE TABLE rows (
    position INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    tool TEXT,
    subject TEXT,
    caller TEXT,
    domain TEXT,
    code TEXT,
    call_id TEXT NOT NULL,
    trace_id TEXT,
    write_id TEXT,
    method TEXT NOT NULL,
    effect TEXT,
    category TEXT,
    subject_kind TEXT,
    account TEXT,
    tenant TEXT,
    role TEXT,
    client TEXT,
    transport TEXT NOT NULL,
    revision TEXT NOT NULL,
    span_id TEXT,
    input_bytes INTEGER NOT NULL,
    result_bytes INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    result_tokens INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    stages TEXT,
    count INTEGER NOT NULL,
    writer TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    hash TEXT NOT NULL,
    payload_digest TEXT,
    reason TEXT,
    message TEXT,
    arguments TEXT,
    result TEXT,
    sent TEXT
  );
  CREATE TABLE segment (closed INTEGER NOT NULL, beat INTEGER NOT NULL) STRICT;
  INSERT INTO segment VALUES (0, 0);
  `,
];

/** The schema of a text index, audit/<number>.text.db: words by position, without the texts. */
export const textIndexMigrations: readonly string[] = [
  `
  CREATE VIRTUAL TABLE words USING fts5 (body, content='', contentless_delete=1, detail='none', tokenize='ascii');
  CREATE TABLE progress (rows INTEGER NOT NULL) STRICT;
  INSERT INTO progress VALUES (0);
  `,
];
