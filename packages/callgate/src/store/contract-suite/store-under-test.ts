import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Store, StoreDeclaration, StoreOptions } from "../port.ts";

/** Declares a store of the kind under test; every declaration of one folder means the same data. */
export type DeclareStore = (folder: string) => StoreDeclaration;

/** Options as a gate gives them, with a chain key that tests know. */
export const storeOptions: StoreOptions = {
  keyRing: { chainKey: new Uint8Array(32).fill(7), chainKeyId: "k1" },
  clock: () => Date.now(),
};

/** A fresh store for each test of the surrounding block, closed and removed after it. */
export function useStore(declare: DeclareStore): {
  readonly store: Store;
  readonly folder: string;
  reopen(): Promise<void>;
} {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-store-"));
    store = await declare(folder).open(storeOptions);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return {
    get store() {
      return store;
    },
    get folder() {
      return folder;
    },
    async reopen() {
      await store.close();
      store = await declare(folder).open(storeOptions);
    },
  };
}
