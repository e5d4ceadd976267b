/**
 * The schema of gate.db, forward only: a step that has been released is never changed. An index whose entries are in
 * no order costs each write a page of its own: only the key has one, and by its hash, so that the pages are few.
 */
export const gateMigrations: readonly string[] = [
  `
  CREATE TABLE writes (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    tenant TEXT,
    tool TEXT NOT NULL,
    key TEXT NOT NULL,
    key_hash INTEGER NOT NULL,
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
    sealed_outcome BLOB,
    code TEXT,
    settled_by TEXT,
    note TEXT,
    approval_id TEXT,
    approval TEXT,
    sealed_request BLOB
  ) STRICT;
  CREATE INDEX writes_key ON writes (key_hash);
  CREATE INDEX writes_open ON writes (subject, tool, digest) WHERE finished_at IS NULL;
  CREATE INDEX writes_equal ON writes (subject, tool, finished_at, digest) WHERE finished_at IS NOT NULL;
  CREATE UNIQUE INDEX writes_approval ON writes (approval_id) WHERE approval_id IS NOT NULL;
  CREATE INDEX writes_finished ON writes (finished_at) WHERE finished_at IS NOT NULL;

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
  `
  CREATE TABLE signals (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE ring_keys (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE smoke_proofs (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    domain TEXT NOT NULL,
    contract_hash TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    gate_version TEXT NOT NULL,
    passed INTEGER NOT NULL,
    outcomes TEXT NOT NULL
  ) STRICT;
  CREATE INDEX smoke_proofs_domain ON smoke_proofs (domain, position);
  CREATE TABLE graduations (
    domain TEXT NOT NULL,
    tool TEXT NOT NULL,
    contract_hash TEXT NOT NULL,
    proof_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    withdrawn_at INTEGER,
    withdrawn_by TEXT,
    PRIMARY KEY (domain, tool, contract_hash)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE graduation_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO graduation_version VALUES (1);
  `,
  `
  CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    tenant TEXT,
    tool TEXT NOT NULL,
    call_id TEXT NOT NULL,
    write_id TEXT,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    sealed_call BLOB NOT NULL,
    sealed_input BLOB,
    sealed_outcome BLOB,
    progress TEXT NOT NULL,
    cost TEXT NOT NULL,
    worked_ms INTEGER NOT NULL,
    code TEXT,
    cancel_by TEXT,
    cancel_at INTEGER,
    due TEXT UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX tasks_open ON tasks (priority DESC, created_at) WHERE finished_at IS NULL;
  CREATE INDEX tasks_subject ON tasks (subject, created_at);
  CREATE INDEX tasks_expiry ON tasks (expires_at);
  `,
  `
  CREATE TABLE processes (owner TEXT PRIMARY KEY, heard_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE upstream_tokens (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    sealed BLOB,
    updated_at INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
