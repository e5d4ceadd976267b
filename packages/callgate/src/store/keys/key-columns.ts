import type { SQLInputValue } from "node:sqlite";
import type { KeyKind, KeyRow } from "../key-port.ts";

/** The table `keys`; lists and attributes are JSON texts. */
export interface KeysTable {
  id: string;
  hash: string;
  kind: KeyKind;
  name: string;
  user: string | null;
  tenant: string | null;
  role: string | null;
  scopes: string;
  domains: string | null;
  attributes: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  replaced_by: string | null;
  write_key: string | null;
}

/** The columns of a key in the order in which rows travel between threads. */
export const keyColumns = [
  "id",
  "hash",
  "kind",
  "name",
  "user",
  "tenant",
  "role",
  "scopes",
  "domains",
  "attributes",
  "created_at",
  "expires_at",
  "revoked_at",
  "last_used_at",
  "replaced_by",
  "write_key",
] as const;

/** A key as flat values, in the order of `keyColumns`. */
export function toKeyValues(row: KeyRow): SQLInputValue[] {
  return [
    row.id,
    row.hash,
    row.kind,
    row.name,
    row.user ?? null,
    row.tenant ?? null,
    row.role ?? null,
    JSON.stringify(row.scopes),
    row.domains === undefined ? null : JSON.stringify(row.domains),
    JSON.stringify(row.attributes),
    row.createdAt,
    row.expiresAt ?? null,
    row.revokedAt ?? null,
    row.lastUsedAt ?? null,
    row.replacedBy ?? null,
    row.writeKey ?? null,
  ];
}

/** The key that the port speaks of. */
export function toKeyRow(columns: KeysTable): KeyRow {
  return {
    id: columns.id,
    hash: columns.hash,
    kind: columns.kind,
    name: columns.name,
    user: columns.user ?? undefined,
    tenant: columns.tenant ?? undefined,
    role: columns.role ?? undefined,
    // Written by toKeyValues, which makes exactly these.
    scopes: JSON.parse(columns.scopes) as string[],
    domains: columns.domains === null ? undefined : (JSON.parse(columns.domains) as string[]),
    attributes: JSON.parse(columns.attributes) as Record<string, string>,
    createdAt: columns.created_at,
    expiresAt: columns.expires_at ?? undefined,
    revokedAt: columns.revoked_at ?? undefined,
    lastUsedAt: columns.last_used_at ?? undefined,
    replacedBy: columns.replaced_by ?? undefined,
    writeKey: columns.write_key ?? undefined,
  };
}
