import { z } from "zod";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { KeyStore } from "../store/key-port.ts";
import { addCreateKey } from "./create-key.ts";
import { isOfTenant } from "./is-of-tenant.ts";
import { KeyInfo, keyKinds, toKeyInfo } from "./key-schemas.ts";
import { addRevokeKey } from "./revoke-key.ts";
import { addRotateKey } from "./rotate-key.ts";

/** The keys that this gate issues: who may call it, until when. */
export function keysDomain(insides: GateInsides): Domain<KeyStore> {
  const keys = defineDomain<KeyStore>("keys", {
    owner: "gate-operators",
    purpose: "Issuing, replacing and revoking the keys by which callers of this gate prove who they are.",
    concern: "Nobody may come by a key that opens more than its maker's own, and a revoked key opens nothing at once.",
    backend: {
      start: () => insides.store.keys,
      health: (_keys, signal) => insides.store.health(signal),
      // A repeat finds the key it has made, and revoking twice is revoking once.
      takesIdempotencyKey: true,
    },
  });
  addListKeys(keys, insides);
  addCreateKey(keys, insides);
  addRotateKey(keys, insides);
  addRevokeKey(keys, insides);
  return keys;
}

function addListKeys(keys: Domain<KeyStore>, { clock }: GateInsides): void {
  keys.read("list_keys", {
    description:
      "List the keys of this gate, newest first: whom they belong to, what they open, when they were last used. Secrets are not " +
      "kept and never shown. Use it to find a key's id before rotating or revoking it.",
    scope: "keys:read",
    input: z.object({
      kind: z.enum(keyKinds).optional(),
      user: z.string().optional().describe("Keys of this person, and of agents that act for them"),
      state: z
        .enum(["usable", "ended", "all"])
        .default("usable")
        .describe("usable: live or replaced; ended: expired or revoked"),
    }),
    output: z.object({ keys: z.array(KeyInfo) }),
    run: async ({ kind, user, state }, { backend, subject }) => {
      const now = clock();
      const rows = (await backend.list()).filter((row) => isOfTenant(subject, row.tenant));
      const shown = rows
        .map((row) => toKeyInfo(row, now))
        .filter((key) => (kind === undefined || key.kind === kind) && (user === undefined || key.user === user))
        .filter(
          (key) => state === "all" || (state === "usable") === (key.state === "live" || key.state === "replaced"),
        );
      return { keys: shown.toSorted((one, other) => other.created_at.localeCompare(one.created_at)) };
    },
  });
}
