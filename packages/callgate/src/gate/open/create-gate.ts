import { inspect } from "node:util";
import { createMasker } from "../../audit/mask.ts";
import type { CallLog } from "../../define/context.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import type { AnyDomain } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { Graduations } from "../../graduation/graduations.ts";
import type { Sealer } from "../../ledger/sealer.ts";
import type { WriteLedger } from "../../ledger/write-ledger.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { readReachable } from "../../outbound/may-reach.ts";
import { followRing } from "../../secrets/join-store.ts";
import type { StatementSigner } from "../../secrets/statements.ts";
import type { SmokeProof } from "../../store/graduation-port.ts";
import type { ApprovalDecision, LedgerRow } from "../../store/ledger-port.ts";
import type { Store } from "../../store/port.ts";
import type { ChangeEvent, Host } from "../../wire/exchange.ts";
import { refuseOddSettings } from "../compile/refuse-odd-settings.ts";
import { createLog, maskLog } from "../context/log.ts";
import { createHost } from "../host.ts";
import type { CallPoint, GateParts } from "../parts.ts";
import { createRegistry, type Registry } from "../served/registry.ts";
import type { PlanSample, SampledPlan } from "../smoke/plan-sample.ts";
import type { SmokeRun } from "../smoke/run-smoke.ts";
import type { LongWork } from "../tasks/long-work.ts";
import { readTimetables } from "../tasks/schedules.ts";
import { type Recovery, startRecovery } from "../writes/recover.ts";
import { buildParts } from "./build-parts.ts";
import { startLimiters } from "./create-limiters.ts";
import { startRollout } from "./create-rollout.ts";
import { lookAfterDomains, problemsOf, startDomains, stopDomains } from "./domains.ts";
import { renewSecrets } from "./renew-secrets.ts";
import { prepareSources, watchSources } from "./sources.ts";
import { type Lent, StoreOpening } from "./store-opening.ts";
import { warnOfOff, watchGraduations } from "./watch-graduations.ts";

const EXPIRE_EVERY_MS = 10 * 60_000;
/** The gate's own tools answer within this, but for the proof of the whole record: it only reads, and nobody waits for it. */
const OWN_TOOLS_MS = 10_000;
/** What a call may take beside its deadline: its outcome, its row, its answer. */
const GRACE_MARGIN_MS = 2_000;

/** What tools that run the gate itself may use. */
export interface GateInsides {
  readonly config: GateConfig;
  readonly store: Store;
  readonly ledger: WriteLedger;
  readonly clock: () => number;
  readonly graduations: Graduations;
  readonly tasks: LongWork;
  registry(): Registry;
  /** Runs the smoke test of a domain; its proof is not stored by that. */
  smoke(run: SmokeRun): Promise<SmokeProof>;
  /** Plans a write with an example of its input; nothing is claimed, previewed or committed. */
  plan(sample: PlanSample): Promise<SampledPlan>;
  /** Writes a person's word on a write that waits for it, and tells whoever follows it. Undefined: it has moved on. */
  decide(row: LedgerRow, decision: ApprovalDecision): Promise<LedgerRow | undefined>;
}

/** What a gate is opened with beside its config. */
export interface GateOptions {
  /** Further domains, made of the gate's own insides. */
  readonly domainsOf?: (insides: GateInsides) => readonly AnyDomain[];
  /** Whether this process does long work, its own and that which others have left; true unless said otherwise. */
  readonly takesTasks?: boolean;
  /** Whether, outside production, what servers offer is accepted where nobody has yet; true unless said otherwise. */
  readonly acceptsNew?: boolean;
  /** How long the start waits for what the gate can do without; three seconds unless said otherwise. */
  readonly patienceMs?: number;
  readonly clock?: () => number;
  readonly log?: CallLog;
  /** What backends and their credentials are lent; what the gate's own store has unless said otherwise. */
  readonly lent?: Lent;
  /** Told when a call passes a point of its way. */
  readonly at?: (point: CallPoint) => void;
}

/** A gate that runs: its backends are up, its store is open. */
export interface Gate {
  readonly host: Host;
  readonly config: GateConfig;
  readonly log: CallLog;
  readonly store: Store;
  readonly sealer: Sealer;
  /** Signs for whom calls are; its public keys are for everybody. */
  readonly statements: StatementSigner;
  readonly registry: Registry;
  readonly graduations: Graduations;
  /** What is wrong right now, by domain; empty where all is well. */
  problems(): Promise<Readonly<Record<string, string>>>;
  /** Where it listens, for links to its pages, unless its config names a public address. */
  servedAt(url: string): void;
  /**
   * Tells the subscribers of every replica on the store of a change: of a list, or of a resource that they see. With a
   * subject's id, that subject alone.
   */
  publish(event: ChangeEvent, subject?: string): void;
  /** Milliseconds within which every running call has ended: the longest deadline of the config's tools, and a margin. */
  readonly graceMs: number;
  /**
   * Begins to stop: calls wait for no person any more, long work is taken up no more, and what of it does not end within
   * `graceMs` is left to others. All other calls go on.
   */
  drain(): void;
  /**
   * Ends subscriptions, waits for running calls, whoever still wants their answers, for `graceMs` at most, then stops
   * backends, flushes and closes the store.
   */
  close(): Promise<void>;
  /** Asks for the credentials of all backends anew, and opens those anew that have another one by now; calls go on meanwhile. */
  renewSecrets(): Promise<void>;
}

/** Opens the store, starts every backend, and refuses with `BootError` or `DefinitionError` where something cannot work. */
export async function createGate(config: GateConfig, options: GateOptions = {}): Promise<Gate> {
  const clock = options.clock ?? Date.now;
  refuseOddSettings(config);
  readReachable();
  const opening = new StoreOpening(config, clock);
  const ends: Ends = { draining: new AbortController(), closing: new AbortController() };
  let parts: GateParts;
  try {
    parts = await buildGate({ config, options, clock, opening, ends });
  } catch (error) {
    // What broke first is what is told.
    await opening.close().catch(() => undefined);
    throw error;
  }
  try {
    return await startGate(parts, ends, options);
  } catch (error) {
    ends.closing.abort();
    await closeAll(parts).catch((problem: unknown) =>
      parts.log.warn("a gate that did not start did not close either", { error: inspect(problem) }),
    );
    throw error;
  }
}

interface Opening {
  readonly config: GateConfig;
  readonly options: GateOptions;
  readonly clock: () => number;
  readonly opening: StoreOpening;
  readonly ends: Ends;
}

async function buildGate({ config, options, clock, opening, ends }: Opening): Promise<GateParts> {
  const lent = options.lent ?? opening.lent;
  const host = { ...lent, clock, log: firstLog(options) };
  await prepareSources(config, { host, acceptsNew: options.acceptsNew ?? true });
  // Definitions are judged before the gate opens anything: a mistake leaves nothing behind.
  const { tools } = createRegistry(config, config.domains, { clock, limiters: localLimiters(clock) });
  if (config.domains.length === 0)
    throw new DefinitionError({}, "The gate has no domains.", "Add one: defineDomain(…).");
  await readTimetables(tools);
  const { store, ring, sealer, statements } = await opening.open();
  const [draining, closing] = [ends.draining.signal, ends.closing.signal];
  const parts = buildParts({ config, options, clock, store, sealer, statements, lent, draining, closing });
  followRing(ring, { store, clock, log: parts.log, signal: closing });
  return parts;
}

/** What is logged before the gate has its own masks. */
function firstLog({ log }: GateOptions): CallLog {
  const masker = createMasker({ fields: [], patterns: [] });
  return log === undefined ? createLog(masker) : maskLog(log, masker);
}

/** How a gate ends: first it drains, then it closes. */
interface Ends {
  readonly draining: AbortController;
  readonly closing: AbortController;
}

async function startGate(
  parts: GateParts,
  { draining, closing }: Ends,
  { takesTasks = true, patienceMs }: GateOptions,
): Promise<Gate> {
  await startLimiters(parts.limiters);
  await startRollout(parts.rollout);
  await parts.graduations.refresh();
  await startDomains(parts, patienceMs);
  const recovery = await startRecovery(parts);
  watchUntil(closing.signal, parts);
  warnOfOff(parts);
  if (takesTasks) await parts.tasks.start(parts).catch((error: unknown) => giveUp(recovery, error));
  let handedOver: Promise<void> | undefined;
  const drain = (): Promise<void> => {
    draining.abort();
    return (handedOver ??= parts.tasks.close(graceOf(parts)));
  };
  return {
    host: createHost(parts),
    config: parts.config,
    log: parts.log,
    store: parts.store,
    sealer: parts.sealer,
    statements: parts.statements,
    registry: parts.registry,
    graduations: parts.graduations,
    problems: () => problemsOf(parts.registry),
    servedAt: (url) => parts.pages.servedAt(url),
    publish: (event, subject) => parts.events.publish(event, subject),
    get graceMs() {
      return graceOf(parts);
    },
    renewSecrets: () => renewSecrets(parts, graceOf(parts)),
    // Whoever closes the gate hears of what went wrong.
    drain: () => void drain().catch(() => undefined),
    close: async () => {
      closing.abort();
      const [left] = await Promise.all([parts.running.ended(graceOf(parts)), drain()]);
      // Until then others must know of this process: it has calls that it may not come to record.
      await recovery.stop({ isEmpty: left === 0 });
      if (left > 0) parts.log.warn("calls were still running when the gate closed", { calls: left });
      await closeAll(parts);
    },
  };
}

/** Looks after what changes by itself, or by others, as long as the gate takes calls. */
function watchUntil(closing: AbortSignal, parts: GateParts): void {
  const expiry = setInterval(() => void expire(parts), EXPIRE_EVERY_MS).unref();
  const watches = [watchGraduations(parts), watchSources(parts), lookAfterDomains(parts.registry)];
  const stop = (): void => {
    clearInterval(expiry);
    for (const stopWatching of watches) stopWatching();
  };
  closing.addEventListener("abort", stop, { once: true });
}

/** A gate that does not start after all has had no calls. */
async function giveUp(recovery: Recovery, error: unknown): Promise<never> {
  await recovery.stop({ isEmpty: true });
  throw error;
}

async function expire({ ledger, log, store, clock }: GateParts): Promise<void> {
  try {
    await ledger.expire();
    await store.tasks.expire(clock());
  } catch (error) {
    log.warn("expired writes and tasks could not be removed", { error: inspect(error) });
  }
}

function graceOf({ config, registry }: GateParts): number {
  const declared = new Set(config.domains.map(({ name }) => name));
  const deadlines = [...registry.tools, ...registry.resources, ...registry.prompts]
    .filter(({ domain }) => declared.has(domain.name))
    .map((served) => (served.kind === "tool" && served.long?.callMs) || served.timeoutMs);
  return Math.max(OWN_TOOLS_MS, ...deadlines) + GRACE_MARGIN_MS;
}

async function closeAll(parts: GateParts): Promise<void> {
  await parts.tasks.close(0);
  await parts.recorder.close();
  await parts.notices.close();
  await parts.callers.close();
  await parts.rollout?.close();
  await parts.limiters.close();
  await stopDomains(parts.registry, parts.log);
  await parts.store.close();
}
