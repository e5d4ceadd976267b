import type { GateConfig } from "../define/gate-config.ts";
import type { ToolDeclaration } from "../define/tool.ts";
import { createGate, type Gate, type GateOptions } from "../gate/open/create-gate.ts";
import { APPROVALS_DOMAIN, approvalsDomain } from "./approvals.ts";
import { auditDomain } from "./audit.ts";
import { domainsDomain } from "./domains.ts";
import { keysDomain } from "./keys.ts";
import { withLocalOperator, withoutBackends } from "./local-operator.ts";
import { tasksDomain } from "./tasks.ts";
import { hasUpstreams, upstreamsDomain } from "./upstreams.ts";
import { writesDomain } from "./writes.ts";

/** A long record takes longer to prove than a gate that serves others gives any call. */
const OPERATORS_VERIFY_MS = 24 * 60 * 60_000;

/** How a gate is opened within a process. */
export interface OpenGateOptions extends Omit<GateOptions, "domainsOf" | "takesTasks"> {
  /**
   * The name of the person at this machine who runs the gate and sees everything in it, for callers within this process
   * alone: not over HTTP, which vouches for nobody, so never give it to a gate that is served over stdio.
   */
  readonly localOperator?: string;
  /** `operations`: the team's own backends are not started, so that the gate can be looked after while one is down. */
  readonly serve?: "everything" | "operations";
}

/**
 * Opens a gate with the domains that run it: `keys`, `audit`, `writes`, `approvals` and `domains`, and
 * `tasks` where there is long work, `upstreams` where there are any. Throws `BootError`,
 * `DefinitionError` or `StoreError` where something cannot work; a domain of one's own with one of these names is a `DefinitionError`.
 */
export function openGate(config: GateConfig, options: OpenGateOptions = {}): Promise<Gate> {
  const { localOperator, serve = "everything", ...rest } = options;
  const served = serve === "operations" ? withoutBackends(config) : config;
  const opened = localOperator === undefined ? served : withLocalOperator(served, localOperator);
  return createGate(withDecisionsUnasked(opened), {
    ...rest,
    // Without backends nobody can do the work.
    takesTasks: serve === "everything",
    // What keys are issued for is judged by the gate as its team declared it.
    domainsOf: (insides) => [
      keysDomain({ ...insides, config }),
      auditDomain({ ...insides, ...(localOperator !== undefined && { verifyMs: OPERATORS_VERIFY_MS }) }),
      writesDomain(insides),
      domainsDomain(insides, { canTry: serve === "everything" }),
      approvalsDomain(insides),
      ...(hasUpstreams(config) ? [upstreamsDomain(config.domains)] : []),
      ...(config.domains.some(({ tools }) => tools.some(isLong)) ? [tasksDomain(insides)] : []),
    ],
  });
}

/** A policy that asks for an approval of everything would have nobody's word count before another one's. */
function withDecisionsUnasked(config: GateConfig): GateConfig {
  const policy = config.approvals?.policy;
  if (policy === undefined) return config;
  const unlessDecision: typeof policy = (asked) => (asked.domain === APPROVALS_DOMAIN ? undefined : policy(asked));
  return { ...config, approvals: { ...config.approvals, policy: unlessDecision } };
}

function isLong({ longRunning = false }: ToolDeclaration): boolean {
  return longRunning !== false;
}
