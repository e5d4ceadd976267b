import type { Mood } from "../effects/effect.ts";
import type { FaultPoint } from "../replica/setting.ts";

/** Something that goes wrong. Times are milliseconds. */
export type Fault =
  /** SIGKILL, when a call passes the point for the nth time. */
  | { readonly kind: "kill-at"; readonly replica: number; readonly point: FaultPoint; readonly passing: number }
  | { readonly kind: "kill"; readonly replica: number }
  /** SIGTERM: it finishes what runs. */
  | { readonly kind: "end"; readonly replica: number }
  /** SIGSTOP: the others go on meanwhile, and may take over what it held. */
  | { readonly kind: "pause"; readonly replica: number; readonly ms: number }
  | { readonly kind: "clock"; readonly replica: number; readonly aheadMs: number; readonly ms: number }
  | { readonly kind: "outside"; readonly mood: Exclude<Mood, "well">; readonly ms: number }
  /** No file of the store grows from where a write of this replica comes beyond a small size. */
  | { readonly kind: "full-disk"; readonly replica: number; readonly ms: number }
  /** Nobody's write gets through: a disk that takes its time, or a lock that somebody holds. */
  | { readonly kind: "slow-store"; readonly ms: number }
  | { readonly kind: "database"; readonly how: "restart" | "kill" }
  /** What replicas count their rates in is gone, or says nothing. */
  | { readonly kind: "redis"; readonly how: "kill" | "hang"; readonly ms: number };
export type FaultKind = Fault["kind"];

/** A fault, and when it strikes after the run has begun. */
export interface Strike {
  readonly at: number;
  readonly fault: Fault;
}
