/** How one check of a smoke test ended; `skipped` where one before it left nothing to try. */
export interface SmokeOutcome {
  readonly check: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What was wrong; of a write that was refused, the words of the refusal. */
  readonly detail: string | undefined;
  readonly durationMs: number;
}

/** What a smoke test of a domain found. Times are milliseconds since the epoch. */
export interface SmokeProof {
  readonly id: string;
  readonly domain: string;
  /** The contracts of all tools of the domain, as they were then. */
  readonly contractHash: string;
  readonly at: number;
  /** The subject that had it run. */
  readonly by: string;
  /** The version of the gate's config. */
  readonly gateVersion: string;
  readonly passed: boolean;
  readonly outcomes: readonly SmokeOutcome[];
}

/** A write tool that was switched on, under one contract. Withdrawn ones stay on record until they are graduated again. */
export interface Graduation {
  readonly domain: string;
  readonly tool: string;
  readonly contractHash: string;
  /** The proof that whoever switched it on had seen. */
  readonly proofId: string;
  readonly at: number;
  readonly by: string;
  readonly withdrawnAt: number | undefined;
  readonly withdrawnBy: string | undefined;
}

/** Which write tools are switched on, and what proves their domains. */
export interface GraduationStore {
  /** From now on the newest of its domain. One of an id that is there already changes nothing. */
  addProof(proof: SmokeProof): Promise<void>;
  proof(id: string): Promise<SmokeProof | undefined>;
  /** Of each domain the one that was added last. */
  newestProofs(): Promise<readonly SmokeProof[]>;
  /** Switches a tool on under this contract; under others it stays as it is, for replicas of the version before. */
  graduate(graduation: Omit<Graduation, "withdrawnAt" | "withdrawnBy">): Promise<void>;
  /** Switches a tool off under every contract; false where it was on under none. */
  withdraw(withdrawal: { readonly tool: string; readonly at: number; readonly by: string }): Promise<boolean>;
  list(): Promise<readonly Graduation[]>;
  /** Grows with every change by any process on this store. */
  version(): Promise<number>;
}
