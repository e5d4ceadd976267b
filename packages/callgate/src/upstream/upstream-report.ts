import type { Finding } from "./lock/compare-lock.ts";
import type { Unserved } from "./serve/declare.ts";

/** How an upstream stands. */
export type UpstreamState =
  /** What it offers is what was accepted. */
  | "accepted"
  /** It offers something otherwise. */
  | "changed"
  /** Nothing of it was accepted yet. */
  | "not_accepted"
  /** The config has it at another address than that at which it was accepted: nothing of it is served. */
  | "address_changed"
  /** It has not been reached since the gate started, so what it offers is not known. */
  | "not_reached";

/** An upstream as the people who run the gate are shown it. */
export interface UpstreamReport {
  readonly name: string;
  readonly state: UpstreamState;
  /** What it offers was accepted as this gate started, unseen by anybody. */
  readonly isNew: boolean;
  readonly address: string;
  /** Where it was accepted, if elsewhere. */
  readonly acceptedAddress: string | undefined;
  readonly server: string | undefined;
  readonly revision: string | undefined;
  /** Why it could not be asked, the last time. */
  readonly problem: string | undefined;
  /** What a person does about that. */
  readonly cure: string | undefined;
  /** Milliseconds since the epoch at which it was last compared, and since when it differs. */
  readonly comparedAt: number | undefined;
  readonly differsSince: number | undefined;
  readonly served: { readonly tools: number; readonly resources: number; readonly prompts: number };
  readonly findings: readonly Finding[];
  readonly unserved: readonly Unserved[];
}
