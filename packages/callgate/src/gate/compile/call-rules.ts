import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import { Concurrency } from "../../limits/concurrency.ts";
import type { Limiters } from "../../limits/limiter.ts";
import { DEFAULT_RATE } from "../../limits/rate-limit.ts";
import { refuseUnknownFields } from "../../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";
import { LONG_KINDS, SCHEDULE_KINDS } from "../../settings/tool-kinds.ts";
import type { LongRules, ServedTool } from "../served/served.ts";

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_RESULT_BYTES = 65_536;

const LONG_TIMEOUT_MS = 60 * 60_000;
const DEFAULT_WAIT_MS = 5_000;
const KEPT_BEYOND_MS = 24 * 60 * 60_000;

/** What definitions are compiled with, beside themselves. */
export interface Building {
  readonly config: GateConfig;
  readonly clock: () => number;
  readonly limiters: Limiters;
  /** True for the tools that look after tasks. */
  readonly followsTasks?: boolean;
}

type DeclaredRules = Partial<
  Pick<ToolDeclaration, "timeoutMs" | "rate" | "concurrency" | "maxResultBytes" | "longRunning">
>;

/** How long, how often and how much: as declared, else as the gate has it, else by default. */
export function callRulesOf(
  { timeoutMs, rate, concurrency, maxResultBytes, longRunning = false }: DeclaredRules,
  { config, limiters }: Building,
  place: DefinitionPlace,
): Pick<ServedTool, "timeoutMs" | "limits" | "maxResultBytes"> {
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
  const declared = longRunning === true ? {} : longRunning;
  refuseUnknownFields(declared, LONG_KINDS, { ...place, setting: "longRunning" });
  refuseOddValues(declared, LONG_KINDS, { place, within: "longRunning." });
  if (declared.schedule !== undefined) {
    refuseUnknownFields(declared.schedule, SCHEDULE_KINDS, { ...place, setting: "longRunning.schedule" });
    refuseOddValues(declared.schedule, SCHEDULE_KINDS, { place, within: "longRunning.schedule." });
  }
  const { waitMs = DEFAULT_WAIT_MS, clients = "any", retry = "safe", priority = 0, ttlMs, schedule } = declared;
  if (ttlMs !== undefined && ttlMs <= timeoutMs)
    throw new DefinitionError(
      place,
      "its results are gone before its work has to end.",
      "Make longRunning.ttlMs longer than timeoutMs.",
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
