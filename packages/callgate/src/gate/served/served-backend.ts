import type { BackendDeclaration, BackendSecrets } from "../../define/backend.ts";
import type { BackendHost } from "../../define/backend-host.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";

/** A start that takes longer keeps no call waiting: it may never end. */
const PATIENCE_MS = 60_000;

/** A backend as one of its credentials opens it: once, and again where that has failed. */
export class ServedBackend {
  readonly #declaration: BackendDeclaration<unknown>;
  readonly access: BackendSecrets["access"];
  /** Under way or done; undefined where it has failed and is to be tried again. */
  #opening: Promise<unknown> | undefined;
  #isOpen = false;
  #hasFailed = false;
  /** When calls have waited long enough for the first start. */
  #patientUntil = Number.POSITIVE_INFINITY;
  #backend: unknown;
  #credential: string | undefined;
  #failure: Error | undefined;
  #stopped = false;

  constructor(declaration: BackendDeclaration<unknown>, access: BackendSecrets["access"]) {
    this.#declaration = declaration;
    this.access = access;
  }

  /** What `start` gave; undefined until it has. */
  get backend(): unknown {
    return this.#backend;
  }

  /** Why it is served as down; undefined while it is up. */
  get problem(): string | undefined {
    return this.#failure?.message ?? (this.#isOpen ? undefined : "it has not been started yet");
  }

  /** Its first start while that is under way, which nobody knows to fail: calls wait for it. It never rejects. */
  get starting(): Promise<unknown> | undefined {
    if (this.#isOpen || this.#hasFailed || performance.now() > this.#patientUntil) return undefined;
    return this.#opening?.catch(() => undefined);
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Begins to start it where it is not. */
  begin(host: BackendHost): void {
    this.#openOnce(host).catch(() => undefined);
  }

  /** Starts it where it is not, and asks for its health. */
  async check(signal: AbortSignal, host: BackendHost): Promise<void> {
    await this.#openOnce(host);
    await this.#declaration.health?.(this.#backend, signal);
    this.#failure = undefined;
  }

  failed(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error));
  }

  /**
   * Looks whether its credential is known to be another one by now, and if so opens it anew: gives what was used until then, which is
   * to be stopped once no call has it any more. A credential that does not work, or not before the signal ends, is a rejection,
   * and the old one stays.
   */
  async renew(host: BackendHost, signal: AbortSignal): Promise<unknown> {
    if (!this.#isOpen || (await this.#findCredential(false)) === this.#credential) return undefined;
    const { backend, credential } = await this.#startWith(host, false);
    try {
      await this.#declaration.health?.(backend, signal);
      signal.throwIfAborted();
      if (this.#stopped) throw new Error("the gate has stopped");
    } catch (error) {
      await Promise.resolve(this.#declaration.stop?.(backend)).catch(() => undefined);
      throw error;
    }
    const old = this.#backend;
    this.#backend = backend;
    this.#credential = credential;
    this.#failure = undefined;
    return old;
  }

  /** Gives what is to be stopped, once. */
  end(): readonly unknown[] {
    const wasOpen = this.#isOpen && !this.#stopped;
    this.#stopped = true;
    return wasOpen ? [this.#backend] : [];
  }

  /** A start that takes longer than anybody waits for it is waited for again, not begun again; one that failed is. */
  #openOnce(host: BackendHost): Promise<unknown> {
    if (this.#opening === undefined) {
      this.#patientUntil = performance.now() + PATIENCE_MS;
      this.#opening = this.#open(host).catch((error: unknown) => {
        this.#opening = undefined;
        this.#hasFailed = true;
        this.failed(error);
        throw error;
      });
    }
    return this.#opening;
  }

  async #open(host: BackendHost): Promise<void> {
    // Another one may be there by now than a gate before had, or than it did not come up with.
    const { backend, credential } = await this.#startWith(host, true);
    if (this.#stopped) {
      // Nobody waits for it any more: that the gate has stopped is what is told.
      await Promise.resolve(this.#declaration.stop?.(backend)).catch(() => undefined);
      throw new Error("the gate has stopped");
    }
    this.#backend = backend;
    this.#credential = credential;
    this.#isOpen = true;
    // Whoever waited for its start no longer may have said so.
    this.#failure = undefined;
  }

  async #startWith(host: BackendHost, anew: boolean): Promise<Opened> {
    const credential = await this.#findCredential(anew);
    return { backend: await this.#declaration.start({ access: this.access, credential }, host), credential };
  }

  async #findCredential(anew: boolean): Promise<string | undefined> {
    const reference = this.#declaration.credentials?.[this.access];
    if (reference === undefined) return undefined;
    await loadSecrets([reference], { anew });
    return resolveSecret(reference);
  }
}

interface Opened {
  readonly backend: unknown;
  readonly credential: string | undefined;
}
