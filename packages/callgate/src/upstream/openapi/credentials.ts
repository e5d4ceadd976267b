import type { BackendSecrets } from "../../define/backend.ts";
import type { BackendHost } from "../../define/backend-host.ts";
import type { UpstreamCredential } from "../credential.ts";

type Access = BackendSecrets["access"];

/** The credentials of an API: opened once each, however many backends use them, and closed with the last. */
export interface Credentials {
  open(access: Access, host: BackendHost): Promise<UpstreamCredential | undefined>;
}

export function credentialsOf(
  said: UpstreamCredential | { readonly read?: UpstreamCredential; readonly write?: UpstreamCredential } | undefined,
): Credentials {
  const both = said === undefined || "headers" in said ? { read: said, write: said } : said;
  const { read, write } = both as { readonly read?: UpstreamCredential; readonly write?: UpstreamCredential };
  const readers = read && new SharedCredential(read);
  const writers = write === read ? readers : write && new SharedCredential(write);
  return { open: async (access, host) => (access === "read" ? readers : writers)?.open(host) };
}

class SharedCredential {
  readonly #credential: UpstreamCredential;
  #opening: Promise<void> | undefined;
  #users = 0;

  constructor(credential: UpstreamCredential) {
    this.#credential = credential;
  }

  async open(host: BackendHost): Promise<UpstreamCredential> {
    this.#opening ??= (async () => this.#credential.open?.(host))();
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    this.#users += 1;
    const credential = this.#credential;
    return {
      headers: (use) => credential.headers(use),
      refused: (use, headers, challenge) => credential.refused(use, headers, challenge),
      close: () => this.#leave(),
    };
  }

  async #leave(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#opening = undefined;
    await this.#credential.close?.();
  }
}
