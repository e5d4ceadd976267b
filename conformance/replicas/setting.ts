/** How a replica is started. */
export interface ReplicaSetting {
  /** SQLite in this folder, or PostgreSQL at this address with the gate's own files in the folder. */
  readonly store: { readonly folder: string; readonly address?: string };
  /** Where the outside world is told of each effect. */
  readonly effectsUrl: string;
  readonly drainDelayMs: number;
}
