import type { BackendDeclaration, BackendSecrets } from "../../define/backend.ts";
import type { BackendHost } from "../../define/backend-host.ts";
import type { SecretReference } from "../../define/secret.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";

/** A backend as one of its credentials opens it: once, and again where that has failed. */
export class ServedBackend {
  readonly #declaration: BackendDeclaration<unknown>;
  readonly #access: BackendSecrets["access"];
  /** Under way or done; undefined where it has failed and is to be tried again. */
  #opening: Promise<unknown> | undefined;
  #isOpen = false;
  #backend: unknown;
  #failure: Error | undefined;
  #stopped = false;

  constructor(declaration: BackendDeclaration<unknown>, access: BackendSecrets["access"]) {
    this.#declaration = declaration;
    this.#access = access;
  }

  /** What `start` gave; undefined until it has. */
  get backend(): unknown {
    return this.#backend;
  }

  /** Why it is served as down; undefined while it is up. */
  get problem(): string | undefined {
    return this.#failure?.message ?? (this.#isOpen ? undefined : "it has not been started yet");
  }

  get failure(): Error | undefined {
    return this.#failure;
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

  /** Gives what is to be stopped, once. */
  end(): readonly unknown[] {
    const wasOpen = this.#isOpen && !this.#stopped;
    this.#stopped = true;
    return wasOpen ? [this.#backend] : [];
  }

  /** A start that takes longer than anybody waits for it is waited for again, not begun again; one that failed is. */
  #openOnce(host: BackendHost): Promise<unknown> {
    this.#opening ??= this.#open(host).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(host: BackendHost): Promise<void> {
    const reference = this.#declaration.credentials?.[this.#access];
    const secrets = { access: this.#access, credential: credentialOf(reference) };
    const backend = await this.#declaration.start(secrets, host);
    if (this.#stopped) {
      // Nobody waits for it any more: that the gate has stopped is what is told.
      await Promise.resolve(this.#declaration.stop?.(backend)).catch(() => undefined);
      throw new Error("the gate has stopped");
    }
    this.#backend = backend;
    this.#isOpen = true;
  }
}

function credentialOf(reference: SecretReference | undefined): string | undefined {
  return reference === undefined ? undefined : resolveSecret(reference);
}
