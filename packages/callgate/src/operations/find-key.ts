import { CallError } from "../define/call-error.ts";
import type { Subject } from "../define/subject.ts";
import type { KeyRow, KeyStore } from "../store/key-port.ts";
import { isOfTenant } from "./is-of-tenant.ts";

/** The key of this id, where this subject may know of it. */
export async function findKey(store: KeyStore, subject: Subject, id: string): Promise<KeyRow> {
  const row = await store.byId(id);
  if (row !== undefined && isOfTenant(subject, row.tenant)) return row;
  throw new CallError("unknown_key", `There is no key ${id}.`, {
    category: "validation",
    next: "Call list_keys for ids that exist.",
  });
}
