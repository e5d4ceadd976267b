import type { CallPoint } from "../../../packages/callgate/src/gate/parts.ts";

/** Where all replicas keep what they share. */
export type StoreSetting =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string; readonly folder: string };

/** How a replica is started. */
export interface ReplicaSetting {
  readonly store: StoreSetting;
  /** Of the outside world. */
  readonly effectsUrl: string;
  /** What replicas count their rates in; undefined: each counts alone. */
  readonly redisUrl: string | undefined;
  /** Milliseconds that its clock is ahead. */
  readonly clockAheadMs: number;
}

/** Moments at which a replica can be killed: those of the gate, and those around the effect. */
export type FaultPoint = CallPoint | "before-effect" | "effect-made";
export const faultPoints: readonly FaultPoint[] = [
  "received",
  "claimed",
  "planned",
  "running",
  "before-effect",
  "effect-made",
  "committed",
  "outcome-stored",
  "recorded",
  "replayed",
];

/** What a replica is told while it runs. */
export type Told =
  /** End yourself with SIGKILL when a call passes this point for the nth time from now. */
  { readonly dieAt: FaultPoint; readonly passing: number } | { readonly clockAheadMs: number };

/** What it says once it serves. */
export interface Serving {
  readonly url: string;
}
