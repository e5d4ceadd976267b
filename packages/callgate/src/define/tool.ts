import type { ApprovalLevel, ApprovalRules } from "./approval.ts";
import type { Rate } from "./backend.ts";
import type { ContentResult } from "./content.ts";
import type { CallContext, CommitContext, PlanContext } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { InputRequired } from "./input-required.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { InputOf, OutputOf, Schema } from "./schema.ts";
import type { Subject, SubjectKind } from "./subject.ts";

/** Optional parts of a result by name; left out unless the caller asks with `include`. */
export type IncludeSchemas = { readonly [part: string]: Schema };
type IncludedParts<Include> = { readonly [Part in keyof Include]?: InputOf<Include[Part]> };
/** What a tool gives: its output, and its optional parts where it has some. */
type ResultOf<Out, Include> = keyof Include extends never ? InputOf<Out> : InputOf<Out> & IncludedParts<Include>;

/** When work is begun by itself. */
export interface Schedule {
  /** Minute, hour, day of month, month and day of week, as cron has them: `"0 3 * * *"`. */
  readonly cron: string;
  /** The time zone that it counts in, e.g. `"Europe/Berlin"`; UTC unless said otherwise. */
  readonly timeZone?: string;
  /** The arguments of each run. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** What a run may use; the tool's own scope unless said otherwise. */
  readonly scopes?: readonly string[];
}

/** Rules of work that outlives the call which begins it. */
export interface LongRunning {
  /** Milliseconds that a client which knows no tasks waits for the result before it is told of the task; 5,000 unless said otherwise. */
  readonly waitMs?: number;
  /** `with_tasks`: clients without the extension `io.modelcontextprotocol/tasks` are refused with -32021. `any` unless said otherwise. */
  readonly clients?: "any" | "with_tasks";
  /**
   * Whether a read that was cut off, by a crash or a stop, is begun again; `safe` unless said otherwise. A write never
   * is: its outcome is found out as that of any write.
   */
  readonly retry?: "safe" | "never";
  /**
   * Begins it by itself, once for each due time however many processes there are, as the subject `schedule:<tool>`. What is
   * due while no process runs is passed over.
   */
  readonly schedule?: Schedule;
  /** Of all that wait, those with a higher one are begun first; 0 unless said otherwise. */
  readonly priority?: number;
  /** Milliseconds from its beginning for which a task and its result are kept; a day beyond `timeoutMs` unless said otherwise. */
  readonly ttlMs?: number;
}

/** What was called otherwise once. Nothing of it is listed any more; calls that use it go on working, and are told so. */
export interface Renamed {
  /** Former names of the tool. */
  readonly from?: readonly string[];
  /** Former names of fields of its input, each with the name of now. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The rules of a call, as data on the tool. */
export interface ToolRules<Input> {
  /** The name as people see it. */
  readonly title?: string;
  /** What the model chooses by: what the tool does, when to use it, what it gives. */
  readonly description: string;
  /** A caller needs this scope to see the tool. */
  readonly scope?: string;
  /** Who may see it beside scope: modes of roles, clients and strangers. Left out: teammates and agents only. */
  readonly modes?: readonly string[];
  /** The kinds of caller that may see it, beside scope and modes: `["person"]` keeps agents away. Left out: every kind. */
  readonly kinds?: readonly SubjectKind[];
  /** The key of a flag that must be on for whoever is to see it; `rollout` of the gate decides. */
  readonly rollout?: string;
  /**
   * Milliseconds from arrival to the end of `run` or `commit`; 5,000 unless said otherwise. Of a `longRunning` tool, those
   * from the beginning of the work to its end; an hour unless said otherwise.
   */
  readonly timeoutMs?: number;
  /** The work becomes a task, which outlives the call: clients poll it, cancel it, or wait for it. */
  readonly longRunning?: boolean | LongRunning;
  /** Calls per subject; the gate's default where left out. */
  readonly rate?: Rate;
  /** Calls of this tool that run at the same time, over all subjects; tasks of it over all processes of the gate. */
  readonly concurrency?: number;
  /** `high` asks for the approval of the owner, as `destructive` does; `normal` unless said otherwise. */
  readonly impact?: "normal" | "high";
  /** Raised with a change that breaks callers, so that `callgate contract check` lets it pass; 1 unless said otherwise. */
  readonly version?: number;
  /** Former names, by which old calls go on working. */
  readonly renamed?: Renamed;
  /** Since which day (`2026-11-01`), and the tool to use instead; said in its description and in each answer. */
  readonly deprecated?: { readonly since: string; readonly use: string };
  /** A larger result becomes a page or a summary; 65,536 bytes of JSON unless said otherwise. */
  readonly maxResultBytes?: number;
  /** Makes a result that is too large smaller; must fit the output schema. */
  readonly summarize?: (result: never) => unknown;
  /** True, or a throw of `CallError`, where this subject may touch what the arguments name; false answers `not_allowed`. */
  readonly guard?: (call: { readonly input: Input; readonly subject: Subject }) => MaybePromise<boolean>;
  /**
   * Further members of its entry in lists, as MCP has them: `icons`, hints in `annotations`, `_meta`. What the gate itself
   * says there stands.
   */
  readonly listing?: Readonly<Record<string, unknown>>;
  /** The argument that the gate fills with the known client's account. Clients and strangers neither see nor choose it. */
  readonly accountField?: string;
}

/** A tool that changes nothing. */
export interface ReadDeclaration<Backend, In extends Schema, Out extends Schema, Include extends IncludeSchemas>
  extends ToolRules<OutputOf<In>> {
  readonly input: In;
  readonly output?: Out;
  readonly include?: Include;
  run(
    input: OutputOf<In>,
    ctx: CallContext<Backend>,
  ): MaybePromise<ResultOf<Out, NoInfer<Include>> | ContentResult<InputOf<Out>> | InputRequired>;
}

/** What `plan` gives: a preview for people, and whatever `commit` needs. */
export interface Plan {
  readonly preview: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** A tool that changes something: planned first, then committed once. */
export interface WriteDeclaration<
  Backend,
  In extends Schema,
  Out extends Schema,
  Include extends IncludeSchemas,
  Planned extends Plan,
> extends ToolRules<OutputOf<In>> {
  readonly input: In;
  readonly output?: Out;
  readonly include?: Include;
  /** What would happen, with the read credential; nothing is changed. Runs for `dry_run` and before every commit. */
  plan(input: OutputOf<In>, ctx: PlanContext<Backend>): MaybePromise<Planned | InputRequired>;
  /**
   * Who has to agree before it is committed, at least, and by which values of the plan more. `none` unless effect or
   * impact ask for more. Written after `plan`, whose type its functions get.
   */
  readonly approval?: ApprovalLevel | ApprovalRules<OutputOf<In>, NoInfer<Planned>>;
  /** Fields of the plan that may differ between preview and commit: a quote's id, a time. */
  readonly volatile?: readonly (keyof Planned & string)[];
  /**
   * Makes it happen, from the plan alone. `inputRequired` says that nothing was done yet: it is begun anew with the
   * client's answers, and approved anew where it demands approval.
   */
  commit(
    plan: NoInfer<Planned>,
    ctx: CommitContext<Backend>,
  ): MaybePromise<ResultOf<Out, NoInfer<Include>> | ContentResult<InputOf<Out>> | InputRequired>;
  /** After a crash or deadline, by the key that `commit` got: the result if it did happen, `undefined` if it did not. */
  readonly lookup?: (key: string, ctx: CommitContext<Backend>) => MaybePromise<InputOf<Out> | undefined>;
  /** Takes a finished write back, for workflows that fail later. Nothing runs it yet. */
  readonly undo?: (result: InputOf<Out>, ctx: CommitContext<Backend>) => MaybePromise<unknown>;
  /** An equal keyless call just after one that finished: ask for a key (the default), or allow it. */
  readonly repeat?: "ask" | "allow";
}

/** A declared tool, whatever its types; what the gate is built from. */
export type ToolDeclaration =
  | ({ readonly effect: "read"; readonly name: string } & AnyRead)
  | ({ readonly effect: Exclude<Effect, "read">; readonly name: string } & AnyWrite);

/** Types of one tool do not matter to the gate: values pass from schema to function as validated. */
type AnyRead = Omit<ReadDeclaration<unknown, Schema, Schema, IncludeSchemas>, "run" | "guard"> & {
  run(input: unknown, ctx: CallContext<unknown>): unknown;
  readonly guard?: (call: { readonly input: unknown; readonly subject: Subject }) => unknown;
};
type AnyWrite = Omit<
  WriteDeclaration<unknown, Schema, Schema, IncludeSchemas, Plan>,
  "plan" | "commit" | "lookup" | "undo" | "guard" | "volatile" | "approval"
> & {
  plan(input: unknown, ctx: PlanContext<unknown>): unknown;
  commit(plan: Plan, ctx: CommitContext<unknown>): unknown;
  readonly volatile?: readonly string[];
  readonly approval?: ApprovalLevel | ApprovalRules;
  readonly lookup?: (key: string, ctx: CommitContext<unknown>) => unknown;
  readonly undo?: (result: unknown, ctx: CommitContext<unknown>) => unknown;
  readonly guard?: (call: { readonly input: unknown; readonly subject: Subject }) => unknown;
};
