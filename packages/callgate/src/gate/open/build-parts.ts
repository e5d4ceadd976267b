import { inspect } from "node:util";
import { ApprovalLevels } from "../../approvals/level-for.ts";
import { ApprovalNotices } from "../../approvals/notify/notices.ts";
import { createMasker } from "../../audit/mask.ts";
import { createRecorder, type Recorder } from "../../audit/recorder.ts";
import { DEFAULT_GUESSES } from "../../callers/guess-limit.ts";
import { type Callers, createCallers } from "../../callers/identify.ts";
import type { CallLog } from "../../define/context.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { Sealer } from "../../ledger/sealer.ts";
import { WriteLedger } from "../../ledger/write-ledger.ts";
import { Concurrency } from "../../limits/concurrency.ts";
import { DEFAULT_RATE } from "../../limits/rate-limit.ts";
import type { StatementSigner } from "../../secrets/statements.ts";
import type { Store } from "../../store/port.ts";
import { decideApproval } from "../approvals/approval-news.ts";
import { PageAddress } from "../approvals/page-address.ts";
import { createLog, maskLog } from "../context/log.ts";
import { passGate } from "../gate.ts";
import { Events } from "../listening/events.ts";
import { Interests } from "../listening/interests.ts";
import type { GateParts } from "../parts.ts";
import { Menus } from "../served/menus.ts";
import { createRegistry } from "../served/registry.ts";
import { isServed } from "../served/switched-on.ts";
import { planSample } from "../smoke/plan-sample.ts";
import { runSmoke } from "../smoke/run-smoke.ts";
import { LongWork } from "../tasks/long-work.ts";
import type { GateOptions } from "./create-gate.ts";
import { createLimiters } from "./create-limiters.ts";
import { createRollout } from "./create-rollout.ts";
import { RunningCalls } from "./running-calls.ts";
import type { Lent } from "./store-opening.ts";
import { createGraduations } from "./watch-graduations.ts";

const DEFAULT_IN_FLIGHT = 1_024;
const DEFAULT_KEEP_HOURS = 72;
const DEFAULT_MAX_PAYLOAD_BYTES = 8_192;

interface Building {
  readonly config: GateConfig;
  readonly options: GateOptions;
  readonly clock: () => number;
  readonly store: Store;
  readonly sealer: Sealer;
  readonly statements: StatementSigner;
  readonly lent: Lent;
  readonly draining: AbortSignal;
  readonly closing: AbortSignal;
}

/** Makes what the stages work with, around a store that is open. */
export function buildParts(building: Building): GateParts {
  const { config, options, clock, store, sealer, statements, lent, draining, closing } = building;
  const masker = createMasker({ fields: config.audit?.maskFields ?? [], patterns: config.audit?.maskPatterns ?? [] });
  const log = options.log === undefined ? createLog(masker) : maskLog(options.log, masker);
  const limiters = createLimiters({ config, clock, log });
  const ledger = ledgerFor({ config, clock, store, sealer });
  const tasks = new LongWork({ config, store, sealer, clock });
  const { registry, graduations } = register({ config, options, clock, store, ledger, limiters, tasks }, () => parts);
  const menus = new Menus(registry, (served) => isServed(graduations, served));
  const events = new Events(store.signals);
  const rollout = createRollout({ config, registry, events, clock, log });
  const parts: GateParts = {
    config,
    clock,
    log,
    store,
    callers: callersFor({ config, clock, store, log, menus, rollout, limiters }),
    rollout,
    registry,
    menus,
    graduations,
    recorder: recorderFor(store, config, log),
    masker,
    ledger,
    levels: new ApprovalLevels({ config: config.approvals ?? {}, log, clock }),
    notices: new ApprovalNotices(config.approvals ?? {}, log),
    sealer,
    statements,
    lent,
    inFlight: new Concurrency(config.limits?.inFlight ?? DEFAULT_IN_FLIGHT),
    listRate: limiters.limit("rate of lists", config.limits?.rate ?? DEFAULT_RATE),
    limiters,
    running: new RunningCalls(),
    pages: new PageAddress(config.server?.publicUrl),
    events,
    interests: new Interests(log),
    tasks,
    draining,
    closing,
    pass: passGate,
    at: options.at,
  };
  return parts;
}

type Registering = Pick<Building, "config" | "options" | "clock" | "store"> &
  Pick<GateParts, "ledger" | "limiters" | "tasks">;

/** Everything that is served, and what of it is switched on. The gate's own domains stand on insides that are made last. */
function register(
  { config, options, clock, store, ledger, limiters, tasks }: Registering,
  partsOf: () => GateParts,
): Pick<GateParts, "registry" | "graduations"> {
  const graduations = createGraduations(config, store, partsOf);
  const own = options.domainsOf?.({
    config,
    store,
    ledger,
    clock,
    graduations,
    tasks,
    registry: () => partsOf().registry,
    smoke: (run) => runSmoke(partsOf(), run),
    plan: (sample) => planSample(partsOf(), sample),
    decide: (row, decision) => decideApproval(partsOf(), row, decision),
  });
  return { graduations, registry: createRegistry(config, [...config.domains, ...(own ?? [])], { clock, limiters }) };
}

function callersFor({
  config,
  clock,
  store,
  log,
  menus,
  rollout,
  limiters,
}: Pick<GateParts, "config" | "clock" | "store" | "log" | "menus" | "rollout" | "limiters">): Callers {
  return createCallers({
    config: config.callers,
    guesses: limiters.limit("guesses", config.limits?.guesses ?? DEFAULT_GUESSES),
    keys: store.keys,
    clock,
    log,
    seesDomain: (subject, domain) => menus.sees(subject, domain),
    rollOut: rollout && ((subject) => rollout.rollOut(subject)),
  });
}

function ledgerFor({
  config,
  clock,
  store,
  sealer,
}: Pick<Building, "config" | "clock" | "store" | "sealer">): WriteLedger {
  const keepMs = (config.keepWritesHours ?? DEFAULT_KEEP_HOURS) * 3_600_000;
  const ledger = new WriteLedger({ store: store.ledger, sealer, clock, keepMs });
  store.signals.subscribe((heard) => {
    if (heard.topic === "approval-decided") ledger.waits.wake(heard.approval);
  });
  return ledger;
}

function recorderFor(store: Store, config: GateConfig, log: CallLog): Recorder {
  return createRecorder({
    store: store.audit,
    maxPayloadBytes: config.audit?.maxPayloadBytes ?? DEFAULT_MAX_PAYLOAD_BYTES,
    onProblem: (error) => log.error("refusals could not be recorded", { error: inspect(error) }),
  });
}
