/** The schema of gate.db, forward only: a step that has been released is never changed. */
export const gateMigrations: readonly string[] = [
  `
  CREATE TABLE writes (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    tool TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    owner TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    contract_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER NOT NULL,
    sealed_plan BLOB,
    sealed_outcome BLOB,
    code TEXT,
    settled_by TEXT,
    note TEXT
  ) STRICT;
  CREATE UNIQUE INDEX writes_key ON writes (subject, tool, key);
  CREATE INDEX writes_open ON writes (subject, tool, digest) WHERE state IN ('claimed', 'running', 'unknown');
  CREATE INDEX writes_done ON writes (subject, tool, digest, finished_at) WHERE state = 'done';
  CREATE INDEX writes_expiry ON writes (expires_at);

  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    user TEXT,
    tenant TEXT,
    role TEXT,
    scopes TEXT NOT NULL,
    domains TEXT,
    attributes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    replaced_by TEXT,
    write_key TEXT UNIQUE
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE key_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO key_version VALUES (1);
  `,
];
