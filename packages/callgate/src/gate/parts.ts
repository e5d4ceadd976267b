import type { ApprovalLevels } from "../approvals/level-for.ts";
import type { ApprovalNotices } from "../approvals/notify/notices.ts";
import type { Masker } from "../audit/mask.ts";
import type { Recorder } from "../audit/recorder.ts";
import type { Callers } from "../callers/identify.ts";
import type { CallLog } from "../define/context.ts";
import type { GateConfig } from "../define/gate-config.ts";
import type { Graduations } from "../graduation/graduations.ts";
import type { Sealer } from "../ledger/sealer.ts";
import type { WriteLedger } from "../ledger/write-ledger.ts";
import type { Concurrency } from "../limits/concurrency.ts";
import type { Limiter, Limiters } from "../limits/limiter.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { StatementSigner } from "../secrets/statements.ts";
import type { Store } from "../store/port.ts";
import type { Ending } from "./answers/ending.ts";
import type { PageAddress } from "./approvals/page-address.ts";
import type { Call } from "./call/call.ts";
import type { Events } from "./listening/events.ts";
import type { Interests } from "./listening/interests.ts";
import type { RunningCalls } from "./open/running-calls.ts";
import type { Lent } from "./open/store-opening.ts";
import type { Menus } from "./served/menus.ts";
import type { Registry } from "./served/registry.ts";
import type { LongWork } from "./tasks/long-work.ts";

/** Named moments of a write, in their order; the durability tests end the process at each of them. */
export type CallPoint =
  | "received"
  | "claimed"
  | "planned"
  | "asked"
  | "running"
  | "committed"
  | "outcome-stored"
  | "recorded"
  | "replayed";

/** What the stages work with. Built once when the gate starts. */
export interface GateParts {
  readonly config: GateConfig;
  readonly clock: () => number;
  readonly log: CallLog;
  readonly store: Store;
  readonly callers: Callers;
  /** Undefined where the gate has no flags. */
  readonly rollout: Rollout | undefined;
  readonly registry: Registry;
  readonly menus: Menus;
  readonly graduations: Graduations;
  readonly recorder: Recorder;
  readonly masker: Masker;
  readonly ledger: WriteLedger;
  /** How much a planned write demands. */
  readonly levels: ApprovalLevels;
  /** Tells people what befalls approvals. */
  readonly notices: ApprovalNotices;
  readonly sealer: Sealer;
  /** Signs for whom calls are, to the servers beyond the gate. */
  readonly statements: StatementSigner;
  /** What backends are lent. */
  readonly lent: Lent;
  readonly inFlight: Concurrency;
  /** Lists and subscriptions, by who asks. */
  readonly listRate: Limiter;
  readonly limiters: Limiters;
  readonly running: RunningCalls;
  readonly pages: PageAddress;
  readonly events: Events;
  readonly interests: Interests;
  readonly tasks: LongWork;
  /** Aborted when the gate is told to stop: what only waits ends its waiting, calls go on. */
  readonly draining: AbortSignal;
  /** Aborted when the gate begins to close. */
  readonly closing: AbortSignal;
  /** The whole way of a call, for tools that call tools. */
  readonly pass: (call: Call) => Promise<Ending>;
  /** Told when a call passes a point. */
  readonly at: ((point: CallPoint) => void) | undefined;
}
