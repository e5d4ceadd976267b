import type { BackendDeclaration, BackendSecrets } from "../define/backend.ts";
import type { AnyDomain, DomainOptions } from "../define/domain.ts";
import type { SecretReference } from "../define/secret.ts";
import { Breaker } from "../limits/breaker.ts";
import { Concurrency } from "../limits/concurrency.ts";
import { RateLimit } from "../limits/rate-limit.ts";
import { within } from "../limits/within.ts";
import { resolveSecret } from "../secrets/resolve-secret.ts";
import { refuseOddNumber, refuseOddRate } from "./compile/call-rules.ts";

// A refusal to start is said within ten seconds, so the wait itself is a little shorter.
const BOOT_HEALTH_MS = 9_000;
const DEFAULT_CONCURRENCY = 256;

/** A backend did not come up: which one, and why. The gate does not start. */
export class BootError extends Error {
  override readonly name = "BootError";
}

/** A domain while the gate runs: its backends by credential, and what its tools share. */
export class ServedDomain {
  readonly name: string;
  readonly options: DomainOptions<unknown>;
  /** One for each credential: where writes alone break, reads neither stop nor hide it. */
  readonly breakers: Readonly<Record<BackendSecrets["access"], Breaker>>;
  readonly quota: RateLimit | undefined;
  readonly concurrency: Concurrency;
  /** Both starts, under way or done; undefined where they failed and are to be tried again. */
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  #failure: Error | undefined;
  #stopped = false;

  constructor(domain: AnyDomain, clock: () => number) {
    this.name = domain.name;
    this.options = domain.options;
    const backend: BackendDeclaration<unknown> | undefined = domain.options.backend;
    this.breakers = { read: new Breaker(clock), write: new Breaker(clock) };
    this.quota = quotaOf(domain, clock);
    refuseOddNumber("the concurrency of its backend", backend?.concurrency, { place: { domain: domain.name } });
    this.concurrency = new Concurrency(backend?.concurrency ?? DEFAULT_CONCURRENCY);
  }

  /** Why the backend is served as down; undefined while it is up. */
  get problem(): string | undefined {
    return this.#failure?.message;
  }

  backend(access: BackendSecrets["access"]): unknown {
    return this.#opened?.[access];
  }

  /** Starts both backends and waits for their health, ten seconds at most. A required one that fails throws `BootError`. */
  async start(): Promise<void> {
    const problem = await this.health(BOOT_HEALTH_MS);
    if (problem === undefined || this.options.backend?.required === false) return;
    throw new BootError(`The backend of domain "${this.name}" did not come up: ${problem}`, { cause: this.#failure });
  }

  /** Asks the backend, and starts it where that has failed so far; resolves with what is wrong, or undefined. */
  async health(withinMs: number): Promise<string | undefined> {
    const { backend } = this.options;
    if (backend === undefined) return undefined;
    try {
      await within(withinMs, async (signal) => {
        const { read, write } = await this.#openOnce(backend);
        for (const each of new Set([read, write])) await backend.health?.(each, signal);
      });
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
    return this.problem;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.options.backend !== undefined && this.#opened !== undefined)
      await stopAll(this.options.backend, [this.#opened.write, this.#opened.read]);
  }

  /** A start that takes longer than anybody waits for it is waited for again, not begun again; one that failed is. */
  #openOnce(backend: BackendDeclaration<unknown>): Promise<Opened> {
    this.#opening ??= this.#open(backend).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(backend: BackendDeclaration<unknown>): Promise<Opened> {
    const started: unknown[] = [];
    try {
      started.push(await backend.start(secretsFor("read", backend.credentials?.read)));
      started.push(await backend.start(secretsFor("write", backend.credentials?.write)));
      if (this.#stopped) throw new Error("the gate has stopped");
    } catch (error) {
      // What broke first is what is told.
      await stopAll(backend, started).catch(() => undefined);
      throw error;
    }
    const [read, write] = started;
    this.#opened = { read, write };
    return this.#opened;
  }
}

/** The backend by credential; a declaration may give the same one for both. */
interface Opened {
  readonly read: unknown;
  readonly write: unknown;
}

/** One that will not stop leaves the other none the less. */
async function stopAll(backend: BackendDeclaration<unknown>, started: readonly unknown[]): Promise<void> {
  const stopped = await Promise.allSettled([...new Set(started)].map(async (each) => backend.stop?.(each)));
  const failed = stopped.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function quotaOf({ name, options }: AnyDomain, clock: () => number): RateLimit | undefined {
  const quota = options.backend?.quota;
  refuseOddRate("the quota of its backend", quota, { domain: name });
  return quota === undefined ? undefined : new RateLimit(quota, clock);
}

function secretsFor(access: BackendSecrets["access"], reference: SecretReference | undefined): BackendSecrets {
  return { access, credential: reference === undefined ? undefined : resolveSecret(reference) };
}
