import { z } from "zod";
import { isLive } from "../callers/api-key.ts";
import type { KeyKind, KeyRow } from "../store/key-port.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

export const KeyId: z.ZodString = z
  .string()
  .describe("A key's public id, e.g. key_0123456789abcdef; list_keys gives it. Never the key itself");

export const keyKinds: readonly KeyKind[] = ["person", "agent", "channel", "operator"];

/** A key as people may see it: everything but its secret and its hash. */
export interface KeyInfo {
  readonly id: string;
  readonly kind: KeyKind;
  readonly name: string;
  readonly user?: string | undefined;
  readonly tenant?: string | undefined;
  readonly role?: string | undefined;
  readonly scopes: string[];
  readonly domains?: string[] | undefined;
  readonly state: "live" | "replaced" | "expired" | "revoked";
  readonly created_at: string;
  readonly expires_at?: string | undefined;
  readonly revoked_at?: string | undefined;
  readonly last_used_at?: string | undefined;
  readonly replaced_by?: string | undefined;
}

/** A key that has just been made. */
export interface NewKey {
  readonly key: KeyInfo;
  readonly secret?: string | undefined;
  readonly idle_scopes?: readonly string[] | undefined;
}

export const KeyInfo: z.ZodType<KeyInfo, KeyInfo> = z.object({
  id: z.string(),
  kind: z.enum(keyKinds),
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

export const NewKey: z.ZodType<NewKey, NewKey> = z.object({
  key: KeyInfo,
  secret: z
    .string()
    .optional()
    .meta({ mask: true })
    .describe(
      "Shown now and never again: hand it over and do not repeat it. Absent where it was lost on its way; then rotate the key",
    ),
  idle_scopes: z
    .array(z.string())
    .readonly()
    .optional()
    .describe(
      "Scopes given here that nothing of this gate asks for: they open nothing, and what has no scope is open anyway",
    ),
});

export function toKeyInfo(row: KeyRow, now: number): KeyInfo {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    scopes: [...row.scopes],
    state: stateOf(row, now),
    created_at: isoTime(row.createdAt),
    ...present({
      user: row.user,
      tenant: row.tenant,
      role: row.role,
      domains: row.domains && [...row.domains],
      expires_at: isoTime(row.expiresAt),
      revoked_at: isoTime(row.revokedAt),
      last_used_at: isoTime(row.lastUsedAt),
      replaced_by: row.replacedBy,
    }),
  };
}

function stateOf(row: KeyRow, now: number): KeyInfo["state"] {
  if (isLive(row, now)) return row.replacedBy === undefined ? "live" : "replaced";
  return row.revokedAt === undefined ? "expired" : "revoked";
}
