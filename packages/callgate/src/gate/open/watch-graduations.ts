import { inspect } from "node:util";
import type { CallLog } from "../../define/context.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { Graduations, type Turned } from "../../graduation/graduations.ts";
import type { Store } from "../../store/port.ts";
import { listChanged } from "../listening/events.ts";
import type { GateParts } from "../parts.ts";
import type { ServedDomain } from "../served/served-domain.ts";
import { isOn, toWriteTool } from "../served/switched-on.ts";
import { warnOfDown } from "./domains.ts";

const LOOK_EVERY_MS = 500;

/** The domains that run the gate itself are exempt, and all others where the config says so. */
export function createGraduations(config: GateConfig, store: Store, partsOf: () => GateParts): Graduations {
  return new Graduations({
    store: store.graduations,
    signals: store.signals,
    tools: () =>
      partsOf()
        .registry.tools.filter(({ effect }) => effect !== "read")
        .map(toWriteTool),
    required: new Set(config.graduation === "off" ? [] : config.domains.map(({ name }) => name)),
    onChange: (turned) => apply(partsOf(), turned),
  });
}

/**
 * What was switched off is gone at once. What was switched on is told to whoever keeps a list once its domain has its
 * write credential; until then its calls wait, or are told that the backend is down. Never rejects.
 */
async function apply({ registry, graduations, menus, events, log }: GateParts, { on, off }: Turned): Promise<void> {
  menus.forget();
  if (on.length > 0) log.info("write tools are switched on", { tools: on });
  if (off.length > 0) log.warn("write tools are switched off", { tools: off });
  if (off.length > 0) events.publishHere(listChanged("tools"));
  const writing = registry.tools.filter((tool) => tool.effect !== "read" && isOn(graduations, tool));
  await Promise.all([...new Set(writing.map(({ domain }) => domain))].map((domain) => openForWrites(domain, log)));
  if (on.length > 0) events.publishHere(listChanged("tools"));
}

async function openForWrites(domain: ServedDomain, log: CallLog): Promise<void> {
  const problem = await domain.useWrites();
  if (problem !== undefined) warnOfDown(domain, log);
}

/** Says at the start what callers will not find, and why. */
export function warnOfOff({ registry, graduations, log }: GateParts): void {
  const writes = registry.tools.filter((tool) => tool.effect !== "read" && !isOn(graduations, tool));
  if (writes.length === 0) return;
  const why = writes.map((tool) => [tool.name, graduations.stateOf(toWriteTool(tool)).kind]);
  log.warn("write tools are off; `callgate tools` says why", { tools: Object.fromEntries(why) });
}

/** Sees what other processes on the store switch on and off, by their signals and by looking; gives what ends it. */
export function watchGraduations({ config, graduations, store, log }: GateParts): () => void {
  if (config.graduation === "off") return () => undefined;
  let isFailing = false;
  let hasEnded = false;
  const look = async (): Promise<void> => {
    try {
      await graduations.refresh();
      isFailing = false;
    } catch (error) {
      // Once, until it can be read again: what was on stays on meanwhile. A store that closes is not asked for more.
      if (!isFailing && !hasEnded)
        log.error("which write tools are switched on could not be read", { error: inspect(error) });
      isFailing = true;
    }
  };
  let looking: Promise<void> | undefined;
  const lookInTurn = (): void => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  };
  const unsubscribe = store.signals.subscribe(({ topic }) => {
    if (topic === "graduation-changed" || topic === "missed") void look();
  });
  const timer = setInterval(lookInTurn, LOOK_EVERY_MS).unref();
  return () => {
    hasEnded = true;
    unsubscribe();
    clearInterval(timer);
  };
}
