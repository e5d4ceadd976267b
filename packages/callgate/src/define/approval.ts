import type { CallLog } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { SecretReference } from "./secret.ts";
import type { Subject } from "./subject.ts";

/** Who has to agree before a write is committed: nobody, the client, the person it is for, another person, or two of them. */
export type ApprovalLevel = "none" | "client" | "owner" | "operator" | "two";

/** What a rule judges by: the plan that `plan` gave, the validated input, and for whom the call is. */
export interface ApprovalAsked<Input, Planned> {
  readonly plan: Planned;
  readonly input: Input;
  readonly subject: Subject;
}

/**
 * Raises what a write demands where it holds; it never lowers it. One that throws, does not answer within a second, or
 * answers anything but true or false counts as true.
 */
export interface ApprovalRule<Input = unknown, Planned = unknown> {
  /** A function, or CEL over `plan`, `input` and `subject`, e.g. `plan.total > 1000`. */
  readonly when: string | ((asked: ApprovalAsked<Input, Planned>) => MaybePromise<boolean>);
  readonly level: ApprovalLevel;
  /** Why, for the person who is asked; the CEL text, or nothing, where left out. */
  readonly because?: string;
}

/** Which approval a write demands, by the values of its plan. */
export interface ApprovalRules<Input = unknown, Planned = unknown> {
  /** What it demands at least; left out: as effect and impact do. */
  readonly level?: ApprovalLevel;
  readonly rules?: readonly ApprovalRule<Input, Planned>[];
  /** Minutes that a request of this tool may be decided, and then used; the gate's where left out. */
  readonly expiresMinutes?: number;
}

/** What the gate's policy judges by. */
export interface ApprovalPolicyAsked {
  readonly tool: string;
  readonly domain: string;
  readonly effect: Effect;
  readonly impact: "normal" | "high";
  readonly subject: Subject;
  /** What the tool and its rules demand. */
  readonly level: ApprovalLevel;
}

/** Something that befell an approval. */
export type ApprovalEvent = "approval.requested" | "approval.decided" | "approval.expired" | "approval.withdrawn";

/** What people are told of an approval: never the arguments, and of the plan only what a notifier is set to show. */
export interface ApprovalNotice {
  readonly event: ApprovalEvent;
  /** When, ISO 8601. */
  readonly at: string;
  readonly approvalId: string;
  /** Where it is decided; undefined where nothing is served over HTTP. */
  readonly link: string | undefined;
  readonly tool: string;
  readonly domain: string;
  readonly level: ApprovalLevel;
  /** The subject that asks, e.g. `agent:helper@anna`. */
  readonly askedBy: string;
  /** The person it is for, by the name that keys and roles know. */
  readonly forUser: string | undefined;
  readonly tenant: string | undefined;
  /** Why, in the words of who asks: a model's, as a rule. */
  readonly reason: string | undefined;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Where it stands now: `awaiting` still, where one of two has agreed. */
  readonly state: "awaiting" | "approved" | "denied" | "expired" | "withdrawn";
  /** The preview, for notifiers that are set to include it. */
  readonly preview: Readonly<Record<string, unknown>> | undefined;
}

/** What a notifier is started with. */
export interface NotifierStart {
  readonly log: CallLog;
}

/** A notifier that runs. Taking a notice never waits and never throws. */
export interface RunningNotifier {
  notify(notice: ApprovalNotice): void;
  /** Lets what it has begun end, for so many milliseconds at most. */
  close(withinMs: number): Promise<void>;
}

/** A way to tell people of approvals: `webhook(…)`, `command(…)`. Throws at its start where it cannot work. */
export interface Notifier {
  readonly kind: string;
  /** What it needs to be started; loaded with the gate's other secrets. */
  readonly secrets?: readonly SecretReference[];
  start(options: NotifierStart): RunningNotifier;
}

/** How the gate asks people. */
export interface ApprovalsConfig {
  /**
   * What this caller's call demands beside the tool's own rules; it raises, and a lower answer or none changes nothing.
   * Where it throws, does not answer within a second or answers nonsense, the write is refused until it can be asked.
   */
  readonly policy?: (asked: ApprovalPolicyAsked) => MaybePromise<ApprovalLevel | undefined>;
  /** Minutes that a request may be decided, and then used; 60 unless said otherwise. */
  readonly expiresMinutes?: number;
  /** Who is told of requests and of what became of them. */
  readonly notify?: readonly Notifier[];
}
