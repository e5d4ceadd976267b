import { z } from "zod";
import { isLive, succeedKey } from "../callers/api-key.ts";
import { CallError } from "../define/call-error.ts";
import type { Domain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { KeyRow, KeyStore } from "../store/key-port.ts";
import { StoreError } from "../store/store-error.ts";
import { findKey } from "./find-key.ts";
import { refuseWiderGrant } from "./key-grants.ts";
import { KeyId, NewKey, toKeyInfo } from "./key-schemas.ts";

const HOUR_MS = 3_600_000;

export function addRotateKey(keys: Domain<KeyStore>, { config, clock }: GateInsides): void {
  keys.write("rotate_key", {
    description:
      "Replace a key by a new one with the same rights. Both work until the overlap is over, so that whoever uses the old one can " +
      "change over. The new secret is shown in the answer and nowhere else.",
    scope: "keys:write",
    rate: "60/min",
    input: z.object({
      key_id: KeyId,
      overlap_hours: z.number().min(0).max(720).default(24).describe("How long the old key goes on; 0 ends it at once"),
    }),
    output: NewKey,
    plan: async ({ key_id, overlap_hours }, { backend, subject }) => {
      const row = await findKey(backend, subject, key_id);
      refuseWiderGrant(subject, row, config);
      refuseEnded(row, clock());
      const { id, kind, name, scopes } = row;
      return {
        preview: { action: "rotate_key", key: { id, kind, name, scopes }, overlap_hours },
        keyId: id,
        overlap_hours,
      };
    },
    commit: async ({ keyId, overlap_hours }, { backend, subject, idempotencyKey: writeKey }) => {
      const made = await backend.byWriteKey(writeKey);
      if (made !== undefined) return { key: toKeyInfo(made, clock()) };
      const now = clock();
      const predecessor = await findKey(backend, subject, keyId);
      const { row, secret } = succeedKey(predecessor, now, writeKey);
      const end = Math.min(now + Math.round(overlap_hours * HOUR_MS), predecessor.expiresAt ?? Number.MAX_SAFE_INTEGER);
      try {
        await backend.rotate(keyId, row, end);
      } catch (error) {
        // Where somebody else was faster, nothing was done here: that is a clear no.
        if (isConflict(error) && (await backend.byWriteKey(writeKey)) === undefined)
          refuseEnded(await findKey(backend, subject, keyId), now);
        throw error;
      }
      return { key: toKeyInfo(row, now), secret };
    },
    lookup: async (writeKey, { backend }) => {
      const row = await backend.byWriteKey(writeKey);
      return row === undefined ? undefined : { key: toKeyInfo(row, clock()) };
    },
  });
}

function refuseEnded(row: KeyRow, now: number): void {
  if (isLive(row, now) && row.replacedBy === undefined) return;
  const { id, replacedBy } = row;
  throw new CallError("key_ended", `The key ${id} is ${replacedBy === undefined ? "over" : "replaced already"}.`, {
    next: replacedBy === undefined ? "Make a new one with create_key." : `Rotate ${replacedBy} instead.`,
  });
}

function isConflict(error: unknown): boolean {
  return error instanceof StoreError && error.code === "store_conflict";
}
