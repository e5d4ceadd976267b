import { z } from "zod";
import type { Domain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { KeyStore } from "../store/key-port.ts";
import { findKey } from "./find-key.ts";
import { refuseOthersKey } from "./key-grants.ts";
import { KeyId, KeyInfo, toKeyInfo } from "./key-schemas.ts";
import { present } from "./present.ts";

export function addRevokeKey(keys: Domain<KeyStore>, { clock }: GateInsides): void {
  keys.destructive("revoke_key", {
    description:
      "End a key at once, on every replica of this gate. Whoever still uses it is refused from now on, and it cannot be brought " +
      "back. Operators end every key, others their own and those of agents that act for them. Use rotate_key where its holder " +
      "shall go on working.",
    scope: "keys:write",
    approval: "none",
    input: z.object({ key_id: KeyId }),
    output: z.object({ key: KeyInfo }),
    plan: async ({ key_id }, { backend, subject }) => {
      const row = await findKey(backend, subject, key_id);
      refuseOthersKey(subject, row);
      const { id, kind, name, user } = row;
      return { preview: { action: "revoke_key", key: present({ id, kind, name, user }) }, keyId: id };
    },
    commit: async ({ keyId }, { backend, subject }) => {
      await backend.revoke(keyId, clock());
      return { key: toKeyInfo(await findKey(backend, subject, keyId), clock()) };
    },
    // Nothing is kept to find a revocation by, and nothing needs to be: an unknown one is simply done again.
    lookup: () => undefined,
  });
}
