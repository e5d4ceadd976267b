import type { BackendDeclaration, BackendSecrets } from "../../define/backend.ts";
import type { BackendHost } from "../../define/backend-host.ts";
import type { AnyDomain, DomainOptions, DomainSource } from "../../define/domain.ts";
import { Breaker } from "../../limits/breaker.ts";
import { Concurrency } from "../../limits/concurrency.ts";
import type { Limiter, Limiters } from "../../limits/limiter.ts";
import { within } from "../../limits/within.ts";
import type { Building } from "../compile/call-rules.ts";
import { ServedBackend } from "./served-backend.ts";

// A refusal to start is said within ten seconds, so the wait itself is a little shorter.
const BOOT_HEALTH_MS = 9_000;
/** What the gate can do without keeps its start waiting no longer: its calls wait, or find it down. */
const OPTIONAL_BOOT_HEALTH_MS = 3_000;
const DEFAULT_CONCURRENCY = 256;

/** A backend did not come up: which one, and why. The gate does not start. */
export class BootError extends Error {
  override readonly name = "BootError";
}

type Access = BackendSecrets["access"];

/** What became of a credential that was asked for anew; `problem`: why it is not used. */
interface Renewal {
  readonly access: Access;
  readonly problem: unknown;
}

/** A domain while the gate runs: its backends by credential, and what its tools share. */
export class ServedDomain {
  readonly name: string;
  readonly options: DomainOptions<unknown>;
  /** Where its tools come from, if they were not written here. */
  readonly source: DomainSource | undefined;
  /** One for each credential: where writes alone break, reads neither stop nor hide it. */
  readonly breakers: Readonly<Record<Access, Breaker>>;
  readonly quota: Limiter | undefined;
  readonly concurrency: Concurrency;
  readonly #backends: Readonly<Record<Access, ServedBackend>> | undefined;
  /** The write credential is left alone until a tool is there that may use it. */
  #usesWrites = false;
  /** Was opened with an earlier credential; calls may still have it. */
  readonly #retired = new Set<unknown>();
  /** Undefined until it has been started. */
  #host: BackendHost | undefined;

  constructor(domain: AnyDomain, { clock, limiters }: Omit<Building, "config">) {
    this.name = domain.name;
    this.options = domain.options;
    this.source = domain.source;
    const backend: BackendDeclaration<unknown> | undefined = domain.options.backend;
    this.breakers = { read: new Breaker(clock), write: new Breaker(clock) };
    this.quota = quotaOf(domain, limiters);
    this.concurrency = new Concurrency(backend?.concurrency ?? DEFAULT_CONCURRENCY);
    this.#backends = backend && {
      read: new ServedBackend(backend, "read"),
      write: new ServedBackend(backend, "write"),
    };
  }

  /** Why the backend is served as down, by either credential that is used; undefined while it is up. */
  get problem(): string | undefined {
    return this.#down?.problem;
  }

  /** The first start that is still under way, by either credential that is used. It never rejects. */
  get starting(): Promise<unknown> | undefined {
    return this.#down?.starting;
  }

  /** Why the backend is served as down to whoever comes with this credential. */
  problemOf(access: Access): string | undefined {
    return this.#backends?.[access].problem;
  }

  /** The first start of the backend that comes with this credential, while it is under way. It never rejects. */
  startingOf(access: Access): Promise<unknown> | undefined {
    return this.#backends?.[access].starting;
  }

  backend(access: Access): unknown {
    return this.#backends?.[access].backend;
  }

  /**
   * From now on the backend is used with the write credential too. Where the domain has been started already, resolves
   * once that credential's is up, or with what is wrong, after ten seconds at most.
   */
  async useWrites(): Promise<string | undefined> {
    if (this.#usesWrites) return undefined;
    this.#usesWrites = true;
    return this.#host === undefined ? undefined : this.health(BOOT_HEALTH_MS);
  }

  /**
   * Starts what is used and waits for its health, ten seconds at most, or `patienceMs` where it is not required. A required
   * backend that fails throws `BootError`.
   */
  async start(host: BackendHost, patienceMs: number = OPTIONAL_BOOT_HEALTH_MS): Promise<void> {
    this.#host = host;
    const isRequired = this.options.backend?.required !== false;
    const problem = await this.health(isRequired ? BOOT_HEALTH_MS : patienceMs);
    if (problem === undefined || !isRequired) return;
    throw new BootError(`The backend of domain "${this.name}" did not come up: ${problem}`, {
      cause: this.#down?.failure,
    });
  }

  /** Asks the backend, and starts it where that has failed so far; resolves with what is wrong, or undefined. */
  async health(withinMs: number): Promise<string | undefined> {
    const host = this.#host;
    if (host === undefined) return this.problem;
    let asked: ServedBackend | undefined;
    try {
      // All at once: a call that waits for one of them may need another one next.
      for (const each of this.#used()) each.begin(host);
      await within(withinMs, async (signal) => {
        for (asked of this.#used()) await asked.check(signal, host);
      });
    } catch (error) {
      asked?.failed(error);
    }
    return this.problem;
  }

  /** Asks the backend where it is down or calls to it are stopped, so that it is called again as soon as it is well. */
  async lookAgain(withinMs: number): Promise<void> {
    const { read, write } = this.breakers;
    if (this.problem === undefined && !read.isOpen && !write.isOpen) return;
    const problem = await this.health(withinMs);
    if (problem !== undefined || this.options.backend?.health === undefined) return;
    read.heardOf();
    write.heardOf();
  }

  /**
   * Opens anew what has another credential by now, and stops the old one after so many milliseconds, when no call has it
   * any more. Gives what became of each; one that does not work stays as it was, and keeps no other from being renewed.
   */
  async renew(graceMs: number): Promise<readonly Renewal[]> {
    const host = this.#host;
    if (host === undefined) return [];
    const renewals: Renewal[] = [];
    for (const each of this.#used()) {
      const { access } = each;
      try {
        const old = await within(BOOT_HEALTH_MS, (signal) => each.renew(host, signal));
        if (old === undefined) continue;
        renewals.push({ access, problem: undefined });
        this.#retire(old, graceMs);
      } catch (problem) {
        renewals.push({ access, problem });
      }
    }
    return renewals;
  }

  #retire(old: unknown, graceMs: number): void {
    this.#retired.add(old);
    setTimeout(() => {
      if (this.#retired.delete(old) && !this.#isUsed(old)) void this.#stopOne(old).catch(() => undefined);
    }, graceMs).unref();
  }

  #isUsed(backend: unknown): boolean {
    return this.#used().some((each) => each.backend === backend);
  }

  async #stopOne(backend: unknown): Promise<void> {
    await this.options.backend?.stop?.(backend);
  }

  /** One that will not stop leaves the other none the less. */
  async stop(): Promise<void> {
    const open = [...(this.#backends?.write.end() ?? []), ...(this.#backends?.read.end() ?? []), ...this.#retired];
    this.#retired.clear();
    // A declaration may give the same one for both credentials.
    const stopped = await Promise.allSettled([...new Set(open)].map((each) => this.#stopOne(each)));
    const failed = stopped.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  get #down(): ServedBackend | undefined {
    return this.#used().find(({ problem }) => problem !== undefined);
  }

  #used(): readonly ServedBackend[] {
    if (this.#backends === undefined) return [];
    const { read, write } = this.#backends;
    return this.#usesWrites ? [read, write] : [read];
  }
}

function quotaOf({ name, options }: AnyDomain, limiters: Limiters): Limiter | undefined {
  const quota = options.backend?.quota;
  return quota === undefined ? undefined : limiters.limit(`quota of domain ${name}`, quota);
}
