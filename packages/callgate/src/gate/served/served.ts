import type { ApprovalDemand } from "../../approvals/demand.ts";
import type { Demands } from "../../callers/visible.ts";
import type { CallContext } from "../../define/context.ts";
import type { Effect } from "../../define/effect.ts";
import type { SubjectKind } from "../../define/subject.ts";
import type { Schedule, ToolDeclaration } from "../../define/tool.ts";
import type { ParamHeader } from "../../wire/param-headers.ts";
import type { JsonSchemaObject } from "../compile/json-schema.ts";
import type { Validator } from "../compile/validator.ts";
import type { CallLimits } from "../limit.ts";
import type { ServedDomain } from "./served-domain.ts";

/** What every kind of thing that can be called has in common: enough to see, limit, guard and record it. */
interface Common {
  readonly name: string;
  readonly domain: ServedDomain;
  readonly effect: Effect;
  readonly scope: string | undefined;
  readonly modes: readonly string[] | undefined;
  readonly kinds: readonly SubjectKind[] | undefined;
  readonly flags: readonly string[];
  readonly timeoutMs: number;
  readonly limits: CallLimits;
  readonly maxResultBytes: number;
  /** Names of argument and result fields that the audit masks. */
  readonly masked: ReadonlySet<string>;
}

/** How a tool's work outlives its calls: as declared, and with what was left to the gate. */
export interface LongRules {
  readonly waitMs: number;
  /** Milliseconds that a call has which begins a task: to plan, and to wait. */
  readonly callMs: number;
  readonly clients: "any" | "with_tasks";
  readonly retry: "safe" | "never";
  readonly priority: number;
  readonly ttlMs: number;
  readonly schedule: Schedule | undefined;
  /** Tasks at work at the same time, over all processes; undefined: any number. */
  readonly most: number | undefined;
}

/** What was declared of a tool that changes something. */
export type WriteDefinition = Extract<ToolDeclaration, { effect: "write" | "destructive" }>;

/** A tool's schemas as JSON Schema. */
export interface OwnSchemas {
  readonly input: JsonSchemaObject;
  readonly output: JsonSchemaObject | undefined;
  readonly include: Readonly<Record<string, JsonSchemaObject>>;
}

/** A tool as the gate serves it: its contract, compiled, and what runs it. */
export interface ServedTool extends Common {
  readonly kind: "tool";
  readonly declaration: ToolDeclaration;
  readonly title: string | undefined;
  readonly description: string;
  readonly inputSchema: JsonSchemaObject;
  /** As advertised to known clients and strangers: without the field of the account, which they do not choose. */
  readonly clientInputSchema: JsonSchemaObject;
  readonly outputSchema: JsonSchemaObject | undefined;
  /** What its author declared, before the gate added its fields. */
  readonly own: OwnSchemas;
  /** SHA-256 over name, effect and schemas; part of every digest. */
  readonly contractHash: string;
  readonly arguments: ReadonlySet<string> | undefined;
  readonly servedArguments: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, string>;
  readonly validateInput: Validator;
  readonly validateOutput: Validator | undefined;
  readonly include: ReadonlyMap<string, Validator>;
  readonly page: string | undefined;
  /** Undefined: its work ends within its call. */
  readonly long: LongRules | undefined;
  /** True: shown to whoever sees a tool whose work is long, and to nobody else. */
  readonly followsTasks: boolean;
  readonly approval: ApprovalDemand;
  readonly reasonRequired: boolean;
  readonly accountField: string | undefined;
  readonly paramHeaders: readonly ParamHeader[];
}

type Texts = Readonly<Record<string, string>>;

/** A resource or prompt, as the gate serves it. A resource's `name` is its URI or URI template. */
export interface ServedReadable extends Common {
  readonly kind: "resource" | "prompt";
  readonly effect: "read";
  /** JSON as it stands in lists. */
  readonly listing: JsonSchemaObject;
  /** Runs with the validated request's values. */
  run(values: Readonly<Record<string, string>>, ctx: CallContext<unknown>): unknown;
  /** The values in a request's parameters; undefined where it is for another resource, or they are not texts. */
  readonly values: (params: JsonSchemaObject) => Readonly<Record<string, string>> | undefined;
  readonly required: readonly string[];
  readonly complete: Readonly<Record<string, (typed: string, ctx: CallContext<unknown>, chosen: Texts) => unknown>>;
  readonly isTemplate: boolean;
}

/** Everything that can be called. */
export type Served = ServedTool | ServedReadable;

/** The rights that a thing asks for, in the words of `sees`. */
export function demandsOf({ domain, scope, modes, kinds, flags }: Served): Demands {
  return { domain: domain.name, scope, modes, kinds, flags };
}
