import { refuseOddMinutes } from "../../approvals/compile-demand.ts";
import type { Rate } from "../../define/backend.ts";
import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import { Concurrency } from "../../limits/concurrency.ts";
import type { Limiters } from "../../limits/limiter.ts";
import { DEFAULT_RATE, parseRate } from "../../limits/rate-limit.ts";
import type { LongRules, ServedTool } from "../served/served.ts";

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_RESULT_BYTES = 65_536;

const LONG_TIMEOUT_MS = 60 * 60_000;
const DEFAULT_WAIT_MS = 5_000;
/** Clients and what stands between give a silent call up after a minute. */
const MOST_WAIT_MS = 55_000;
const KEPT_BEYOND_MS = 24 * 60 * 60_000;

/** A timer beyond this many milliseconds fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** What definitions are compiled with, beside themselves. */
export interface Building {
  readonly config: GateConfig;
  readonly clock: () => number;
  readonly limiters: Limiters;
  /** True for the tools that look after tasks. */
  readonly followsTasks?: boolean;
}

type DeclaredRules = Partial<
  Pick<ToolDeclaration, "timeoutMs" | "rate" | "concurrency" | "maxResultBytes" | "longRunning" | "version">
>;

/** How long, how often and how much: as declared, else as the gate has it, else by default. Refuses what nothing can be held to. */
export function callRulesOf(
  { timeoutMs, rate, concurrency, maxResultBytes, longRunning = false, version }: DeclaredRules,
  { config, limiters }: Building,
  place: DefinitionPlace,
): Pick<ServedTool, "timeoutMs" | "limits" | "maxResultBytes"> {
  refuseOddNumber("its timeoutMs", timeoutMs, { place, most: LONGEST_TIMEOUT_MS });
  refuseOddNumber("its concurrency", concurrency, { place });
  refuseOddNumber("its maxResultBytes", maxResultBytes, { place });
  refuseOddNumber("its version", version, { place });
  refuseOddRate("its rate", rate, place);
  return {
    timeoutMs: timeoutMs ?? (longRunning === false ? DEFAULT_TIMEOUT_MS : LONG_TIMEOUT_MS),
    limits: {
      rate: limiters.limit(`rate of ${nameOf(place)}`, rate ?? config.limits?.rate ?? DEFAULT_RATE),
      // Tasks are counted where they are taken up, over all processes.
      concurrency: concurrency === undefined || longRunning !== false ? undefined : new Concurrency(concurrency),
    },
    maxResultBytes: maxResultBytes ?? DEFAULT_MAX_RESULT_BYTES,
  };
}

/** Tools, resources and prompts are each a world of names. */
function nameOf({ tool, resource, prompt }: DefinitionPlace): string {
  if (tool !== undefined) return `tool ${tool}`;
  return resource === undefined ? `prompt ${prompt}` : `resource ${resource}`;
}

/** How long work goes on beyond its call; undefined where it does not. */
export function longRulesOf(
  { longRunning = false, timeoutMs = LONG_TIMEOUT_MS, concurrency }: DeclaredRules,
  place: DefinitionPlace,
): LongRules | undefined {
  if (longRunning === false) return undefined;
  const {
    waitMs = DEFAULT_WAIT_MS,
    clients = "any",
    retry = "safe",
    priority = 0,
    ttlMs,
    schedule,
  } = longRunning === true ? {} : longRunning;
  refuseOddNumber("its longRunning.waitMs", waitMs, { place, most: MOST_WAIT_MS });
  refuseOddNumber("its longRunning.ttlMs", ttlMs, { place });
  if (ttlMs !== undefined && ttlMs <= timeoutMs)
    throw new DefinitionError(
      place,
      "its results are gone before its work has to end.",
      "Make longRunning.ttlMs longer than timeoutMs.",
    );
  if (!Number.isInteger(priority))
    throw new DefinitionError(
      place,
      `its longRunning.priority is ${priority}.`,
      "Use a whole number; higher ones are begun first.",
    );
  return {
    waitMs,
    callMs: DEFAULT_TIMEOUT_MS + waitMs,
    clients,
    retry,
    priority,
    ttlMs: ttlMs ?? timeoutMs + KEPT_BEYOND_MS,
    schedule,
    most: concurrency,
  };
}

/** Refuses limits of the gate that would let nothing through, or everything, or forget a write as soon as it is done. */
export function refuseOddLimits({ limits, tasks, keepWritesHours, audit, server, approvals }: GateConfig): void {
  const place = {};
  refuseOddRate("limits.rate", limits?.rate, place);
  refuseOddRate("limits.guesses", limits?.guesses, place);
  refuseOddNumber("limits.inFlight", limits?.inFlight, { place });
  refuseOddNumber("limits.shared's timeoutMs", limits?.shared?.timeoutMs, { place, most: LONGEST_TIMEOUT_MS });
  refuseOddNumber("limits.shared's replicas", limits?.shared?.replicas, { place });
  refuseOddNumber("tasks.atOnce", tasks?.atOnce, { place });
  refuseOddNumber("tasks.mostOpen", tasks?.mostOpen, { place });
  refuseOddNumber("tasks.mostOpenPerSubject", tasks?.mostOpenPerSubject, { place });
  refuseOddNumber("keepWritesHours", keepWritesHours, { place });
  refuseOddMinutes(approvals?.expiresMinutes, "approvals.expiresMinutes", place);
  refuseOddNumber("audit.maxPayloadBytes", audit?.maxPayloadBytes, { place });
  refuseOddNumber("server.maxBodyBytes", server?.maxBodyBytes, { place });
}

/** Refuses what is no whole number from 1 to `most`; nothing is left to its default. */
export function refuseOddNumber(
  name: string,
  value: number | undefined,
  { place, most = Number.MAX_SAFE_INTEGER }: { readonly place: DefinitionPlace; readonly most?: number },
): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
  throw new DefinitionError(place, `${name} is ${value}.`, `Use a whole number from 1 to ${most}.`);
}

/** Refuses what is no rate; nothing is left to its default. */
export function refuseOddRate(name: string, rate: Rate | undefined, place: DefinitionPlace): void {
  if (rate === undefined || parseRate(rate) !== undefined) return;
  throw new DefinitionError(
    place,
    `${name} is "${rate}", which is not a rate.`,
    'Write calls per time, like "60/min".',
  );
}
