import type { Gate } from "../gate/open/create-gate.ts";
import type { ReadyStatus } from "./http.ts";

const FRESH_MS = 1_000;
const REFRESH_EVERY_MS = 5_000;
/** Whoever has asked within this time will ask again. */
const WATCHED_MS = 30_000;

/**
 * Whether a gate should get calls. Backends are asked at most once a second, whoever asks how often, and every five
 * seconds when nobody does, so that an answer is never older than that, and what was down is served again by then.
 */
export class Readiness {
  readonly #gate: Gate;
  readonly #timer: NodeJS.Timeout;
  #down: readonly string[];
  #askedAt: number = performance.now();
  #asking: Promise<void> | undefined;
  #draining = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(gate: Gate) {
    this.#gate = gate;
    this.#down = [...gate.registry.domains.values()]
      .filter(({ problem }) => problem !== undefined)
      .map(({ name }) => name);
    this.#timer = setInterval(() => void this.#refresh(), REFRESH_EVERY_MS).unref();
  }

  /** Names domains and no reasons: those are in the log, for people who may read it. */
  status(): ReadyStatus {
    this.#toldAt = performance.now();
    if (this.#draining) return { ready: false, draining: true };
    if (performance.now() - this.#askedAt > FRESH_MS) void this.#refresh();
    const { domains } = this.#gate.registry;
    const needed = this.#down.filter((name) => domains.get(name)?.options.backend?.required !== false);
    return { ready: needed.length === 0, ...(this.#down.length > 0 && { down: this.#down }) };
  }

  /** Whether somebody asks, who would have to learn that the gate drains. */
  get isWatched(): boolean {
    return performance.now() - this.#toldAt < WATCHED_MS;
  }

  /** From here on the gate is not to get any more calls, and no backend is asked. */
  drain(): void {
    this.#draining = true;
    clearInterval(this.#timer);
  }

  async #refresh(): Promise<void> {
    if (this.#draining) return;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const problems = await this.#gate.problems();
    this.#askedAt = performance.now();
    for (const [domain, problem] of Object.entries(problems)) {
      if (!this.#down.includes(domain)) this.#gate.log.warn("a backend is down", { domain, problem });
    }
    for (const domain of this.#down) {
      if (problems[domain] === undefined) this.#gate.log.info("a backend is up again", { domain });
    }
    this.#down = Object.keys(problems);
  }
}
