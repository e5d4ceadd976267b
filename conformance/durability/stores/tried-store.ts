import type { StoreSetting } from "../replica/setting.ts";

/** The store that all replicas share, and what can be done to it. Times are milliseconds. */
export interface TriedStore {
  readonly setting: StoreSetting;
  /** Keeps every writer waiting for so long. */
  hold(ms: number): Promise<void>;
  /** Ends the database, by its own means or by SIGKILL, and starts it again; resolves once it is up. */
  strike(how: "restart" | "kill"): Promise<void>;
  close(): Promise<void>;
}
