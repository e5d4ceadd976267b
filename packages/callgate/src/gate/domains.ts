import type { BackendDeclaration, BackendSecrets } from "../define/backend.ts";
import { DefinitionError } from "../define/definition-error.ts";
import type { AnyDomain, DomainOptions } from "../define/domain.ts";
import type { SecretReference } from "../define/secret.ts";
import { Concurrency } from "../limits/concurrency.ts";
import { RateLimit } from "../limits/rate-limit.ts";
import { Breaker } from "./breaker.ts";
import { resolveSecret } from "./resolve-secret.ts";

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
  readonly breaker: Breaker;
  readonly quota: RateLimit | undefined;
  readonly concurrency: Concurrency;
  #read: unknown;
  #write: unknown;
  #problem: string | undefined;

  constructor(domain: AnyDomain, clock: () => number) {
    this.name = domain.name;
    this.options = domain.options;
    const backend: BackendDeclaration<unknown> | undefined = domain.options.backend;
    this.breaker = new Breaker(clock);
    this.quota = quotaOf(domain, clock);
    this.concurrency = new Concurrency(backend?.concurrency ?? DEFAULT_CONCURRENCY);
  }

  /** Why the backend is served as down; undefined while it is up. */
  get problem(): string | undefined {
    return this.#problem;
  }

  backend(access: BackendSecrets["access"]): unknown {
    return access === "read" ? this.#read : this.#write;
  }

  /** Starts both backends and waits for their health, ten seconds at most. A required one that fails throws `BootError`. */
  async start(): Promise<void> {
    const backend = this.options.backend;
    if (backend === undefined) return;
    try {
      await withinBootTime(async (signal) => {
        this.#read = await backend.start(secretsFor("read", backend.credentials?.read));
        this.#write = await backend.start(secretsFor("write", backend.credentials?.write));
        await backend.health?.(this.#read, signal);
        await backend.health?.(this.#write, signal);
      });
    } catch (error) {
      this.#problem = messageOf(error);
      if (backend.required !== false) {
        throw new BootError(`The backend of domain "${this.name}" did not come up: ${this.#problem}`, { cause: error });
      }
    }
  }

  /** Asks the backend again; resolves with what is wrong, or undefined. */
  async health(signal: AbortSignal): Promise<string | undefined> {
    const backend = this.options.backend;
    if (backend === undefined) return undefined;
    try {
      if (this.#read === undefined) await this.start();
      else await backend.health?.(this.#read, signal);
      this.#problem = undefined;
    } catch (error) {
      this.#problem = messageOf(error);
    }
    return this.#problem;
  }

  async stop(): Promise<void> {
    const backend = this.options.backend;
    if (backend?.stop === undefined) return;
    if (this.#write !== undefined) await backend.stop(this.#write);
    if (this.#read !== undefined && this.#read !== this.#write) await backend.stop(this.#read);
  }
}

function quotaOf({ name, options }: AnyDomain, clock: () => number): RateLimit | undefined {
  const quota = options.backend?.quota;
  if (quota === undefined) return undefined;
  try {
    return new RateLimit(quota, clock);
  } catch (error) {
    throw new DefinitionError({ domain: name }, `the quota of its backend cannot be kept: ${messageOf(error)}`, "");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function secretsFor(access: BackendSecrets["access"], reference: SecretReference | undefined): BackendSecrets {
  return { access, credential: reference === undefined ? undefined : resolveSecret(reference) };
}

async function withinBootTime(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${BOOT_HEALTH_MS / 1000} seconds`));
      deadline.abort();
    }, BOOT_HEALTH_MS);
  });
  try {
    await Promise.race([work(deadline.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
