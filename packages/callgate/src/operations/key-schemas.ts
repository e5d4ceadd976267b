import { z } from "zod";
import { isLive } from "../callers/api-key.ts";
import type { KeyRow } from "../store/key-port.ts";

export const KeyId = z
  .string()
  .describe("A key's public id, e.g. key_0123456789abcdef; list_keys gives it. Never the key itself");

/** A key as people may see it: everything but its secret and its hash. */
export const KeyInfo = z.object({
  id: z.string(),
  kind: z.enum(["person", "agent", "channel", "operator"]),
  name: z.string().describe("Whom it belongs to; for an agent's key the agent's own name"),
  user: z.string().optional().describe("The person: the holder, or whom the agent acts for"),
  tenant: z.string().optional(),
  role: z.string().optional(),
  scopes: z.array(z.string()).describe("Empty: all that the role gives"),
  domains: z.array(z.string()).optional().describe("Absent: every domain"),
  state: z.enum(["live", "replaced", "expired", "revoked"]).describe("replaced: still good until expires_at"),
  created_at: z.string(),
  expires_at: z.string().optional(),
  revoked_at: z.string().optional(),
  last_used_at: z.string().optional(),
  replaced_by: z.string().optional(),
});

/** A key that has just been made. */
export const NewKey = z.object({
  key: KeyInfo,
  secret: z
    .string()
    .optional()
    .meta({ mask: true })
    .describe(
      "Shown now and never again: hand it over and do not repeat it. Absent where it was lost on its way; then rotate the key",
    ),
});

export function toKeyInfo(row: KeyRow, now: number): z.infer<typeof KeyInfo> {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    ...(row.user !== undefined && { user: row.user }),
    ...(row.tenant !== undefined && { tenant: row.tenant }),
    ...(row.role !== undefined && { role: row.role }),
    scopes: [...row.scopes],
    ...(row.domains !== undefined && { domains: [...row.domains] }),
    state: stateOf(row, now),
    created_at: isoTime(row.createdAt),
    ...(row.expiresAt !== undefined && { expires_at: isoTime(row.expiresAt) }),
    ...(row.revokedAt !== undefined && { revoked_at: isoTime(row.revokedAt) }),
    ...(row.lastUsedAt !== undefined && { last_used_at: isoTime(row.lastUsedAt) }),
    ...(row.replacedBy !== undefined && { replaced_by: row.replacedBy }),
  };
}

function stateOf(row: KeyRow, now: number): z.infer<typeof KeyInfo>["state"] {
  if (isLive(row, now)) return row.replacedBy === undefined ? "live" : "replaced";
  return row.revokedAt === undefined ? "expired" : "revoked";
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
