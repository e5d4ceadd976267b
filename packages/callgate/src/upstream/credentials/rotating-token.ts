import { createHash, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import type { BackendHost } from "../../define/backend-host.ts";
import type { SecretReference } from "../../define/secret.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { type Token, toToken } from "./token.ts";
import type { TokenEndpoint } from "./token-endpoint.ts";
import { TokenError } from "./token-errors.ts";
import { underLease } from "./under-lease.ts";

export interface RotatingTokenOptions {
  readonly host: BackendHost;
  readonly endpoint: TokenEndpoint;
  /** Names it in the store. */
  readonly name: string;
  readonly seed: SecretReference;
}

/** What is sealed in the store. */
interface Rotation {
  readonly access?: Token;
  /** Undefined where the server has taken it back. */
  readonly refresh: string | undefined;
  /** The one before: a server may have forgotten what it gave instead. */
  readonly previous?: string | undefined;
  /** Hashes of what was found behind the reference so far: each of them begins a rotation once. */
  readonly seeds: readonly string[];
}

interface Known {
  readonly version: number;
  readonly rotation: Rotation;
}

/** A server that is slow is at it: who asked again meanwhile would have used one token twice at a time. */
const TRY_MS = 20_000;
const LOOK_AGAIN_MS = 50;
/** Whoever closes has other things to end. */
const SETTLE_MS = 5_000;
const PUT_AGAIN_MS = [100, 500, 2_000] as const;
const NOTHING: Rotation = { refresh: undefined, seeds: [] };

/** A refresh token that all replicas share. Under a lease on its row one of them uses it, and keeps what it got before anybody uses that. */
export class RotatingToken {
  readonly #options: RotatingTokenOptions;
  readonly #owner = randomUUID();
  /** Was got, and is not in the store yet. */
  #unkept: Known | undefined;
  /** Under the lease, until what was got is kept and the lease is given back. */
  #working: Promise<Token | undefined> | undefined;

  constructor(options: RotatingTokenOptions) {
    this.#options = options;
  }

  /** The token that somebody has got already, or a new one; other than one that the upstream has refused. */
  async find(refused: string | undefined): Promise<Token> {
    const { host, name } = this.#options;
    const lease = { name, owner: this.#owner };
    for (;;) {
      const found = this.#fresh(await this.#read(), refused);
      if (found !== undefined) return found;
      this.#working = underLease(host.tokens, lease, () => this.#findAlone(refused));
      const token = await this.#working;
      if (token !== undefined) return token;
      await wait(LOOK_AGAIN_MS * (1 + Math.random()));
    }
  }

  /** Waits a while for what is under way: a token that was used, and whose successor nobody keeps, is lost. */
  async settle(): Promise<void> {
    const settled = this.#working?.catch(() => undefined);
    await Promise.race([settled, wait(SETTLE_MS, undefined, { ref: false })]);
  }

  async #findAlone(refused: string | undefined): Promise<Token> {
    // Whoever had the lease until now may have put something.
    const known = await this.#read();
    return this.#fresh(known, refused) ?? this.#refresh(known);
  }

  #fresh({ rotation: { access } }: Known, refused: string | undefined): Token | undefined {
    if (access === undefined || access.value === refused || this.#options.host.clock() >= access.renewAt)
      return undefined;
    knownSecrets.addPassing(access.value);
    return access;
  }

  async #read(): Promise<Known> {
    const unkept = this.#unkept;
    if (unkept === undefined) return this.#stored();
    if ((await this.#stored()).version === unkept.version && !(await this.#put(unkept))) return unkept;
    this.#unkept = undefined;
    return this.#stored();
  }

  async #stored(): Promise<Known> {
    const { host, name } = this.#options;
    const row = await host.tokens.get(name);
    const version = row?.version ?? 0;
    if (row?.sealed === undefined) return { version, rotation: NOTHING };
    // Sealed here for this purpose alone.
    return { version, rotation: host.sealer.unseal(name, row.sealed) as Rotation };
  }

  /** Uses what may be used one after the other: a new one behind the reference, the one in the store, the one before it. */
  async #refresh(known: Known): Promise<Token> {
    const { seed, endpoint } = this.#options;
    const { refresh, previous, seeds } = known.rotation;
    const begun = this.#beginning(seeds);
    const tried = withSeed(seeds, begun);
    const token =
      begun === undefined
        ? ((await this.#use(refresh, known, tried)) ?? (await this.#use(previous, known, tried)))
        : await this.#use(begun, known, tried);
    if (token !== undefined) return token;
    await loadSecrets([seed], { anew: true });
    const put = this.#beginning(tried);
    const all = withSeed(tried, put);
    const last = await this.#use(put, known, all);
    if (last !== undefined) return last;
    if (refresh !== undefined || all.length > seeds.length) await this.#bury(known, all);
    throw TokenError.refused(endpoint.name, "the refresh token is not taken any more");
  }

  /** What is behind the reference, where no rotation has begun with it yet. */
  #beginning(seeds: readonly string[]): string | undefined {
    const value = resolveSecret(this.#options.seed);
    return value === undefined || seeds.includes(hashOf(value)) ? undefined : value;
  }

  /** Undefined where the server does not take it. What is put behind the reference meanwhile is not among the seeds. */
  async #use(refresh: string | undefined, known: Known, seeds: readonly string[]): Promise<Token | undefined> {
    if (refresh === undefined) return undefined;
    const { endpoint, host } = this.#options;
    knownSecrets.addPassing(refresh);
    const askedAt = host.clock();
    try {
      const answer = await endpoint.request("refresh_token", { refresh_token: refresh }, TRY_MS);
      const next = answer.refresh_token ?? refresh;
      // A server that gives once more what it gave for the one before does not take that any more than it did.
      if (refresh !== known.rotation.refresh && next === known.rotation.refresh) return undefined;
      knownSecrets.addPassing(next);
      const access = toToken(answer, askedAt);
      const previous = next === refresh ? undefined : refresh;
      await this.#keep(known, { access, refresh: next, previous, seeds });
      return access;
    } catch (error) {
      if (error instanceof TokenError && error.refusal === "invalid_grant") return undefined;
      throw error;
    }
  }

  /**
   * The one that was used is lost where what follows is not kept. It is tried for some seconds; then this process goes on
   * with what it has, and keeps it as soon as the store is there again.
   */
  async #keep({ version }: Known, rotation: Rotation): Promise<void> {
    const unkept = { version, rotation };
    for (const pause of [...PUT_AGAIN_MS, undefined]) {
      try {
        if (await this.#put(unkept)) return;
      } catch (error) {
        if (pause === undefined) {
          this.#unkept = unkept;
          this.#options.host.log.error("a token that was got could not be stored; it is tried again", {
            server: this.#options.endpoint.name,
            error: inspect(error),
          });
          return;
        }
        await wait(pause);
      }
    }
  }

  /** True once it is there, by this attempt or by one whose answer was lost. */
  async #put({ version, rotation }: Known): Promise<boolean> {
    const { host, name } = this.#options;
    const sealed = host.sealer.seal(name, rotation);
    if (await host.tokens.put({ name, version, sealed, at: host.clock() })) return true;
    const { rotation: there } = await this.#stored();
    if (there.refresh === rotation.refresh) return true;
    throw new Error("somebody else has changed it meanwhile");
  }

  /** Leaves nothing but what was behind the reference, as a hash, so that no replica begins with it again. */
  async #bury({ version }: Known, seeds: readonly string[]): Promise<void> {
    const { host, name, endpoint, seed } = this.#options;
    const left = { refresh: undefined, seeds };
    await host.tokens.put({ name, version, sealed: host.sealer.seal(name, left), at: host.clock() });
    host.log.error("a refresh token is not taken any more, and was erased: put a new one behind its reference", {
      server: endpoint.name,
      reference: `${seed.kind}:${seed.name}`,
    });
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

function withSeed(seeds: readonly string[], seed: string | undefined): readonly string[] {
  return seed === undefined ? seeds : [...seeds, hashOf(seed)];
}
