/** What kind of caller a subject is; see docs/callers.md. `operator` runs the gate itself. */
export type SubjectKind = "person" | "agent" | "client" | "anonymous" | "operator";

/** Who a call is for in the end, and what that one may use. Frozen; the same for every stage of a call. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Stable and unique among all subjects: rows of the ledger and limits hang on it. */
  readonly id: string;
  /** The credential that called, by its public id; never the secret. */
  readonly caller: string | undefined;
  /** The person: the caller, or whom the agent acts for. */
  readonly user: string | undefined;
  /** A known client's account, put in by the gate. */
  readonly account: string | undefined;
  /** The customer whose data it is; for guards. */
  readonly tenant: string | undefined;
  readonly role: string | undefined;
  readonly modes: readonly string[];
  readonly scopes: readonly string[];
  /** Undefined: every domain. */
  readonly domains: readonly string[] | undefined;
  /** What `authenticate` said beside that; for guards. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The flags of the gate's rollout that are on for it; left out: none is. */
  readonly flags?: readonly string[];
}

/** What an `authenticate` function says of a credential it knows. */
export interface Identity {
  readonly kind: "person" | "agent";
  /** The person: the holder, or whom the agent acts for. */
  readonly user: string;
  /** The agent's own name. */
  readonly agent?: string;
  readonly tenant?: string;
  /** Left out: `roleOf` is asked. */
  readonly role?: string;
  /** Narrow what the role gives; they never widen it. */
  readonly scopes?: readonly string[];
  readonly domains?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
}
