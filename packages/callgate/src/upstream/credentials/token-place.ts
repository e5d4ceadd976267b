import type { BackendHost } from "../../define/backend-host.ts";
import type { SecretReference } from "../../define/secret.ts";
import type { ReachedServer } from "../credential.ts";
import { type AuthorizationServer, TokenEndpoint, type TokenParameters } from "./token-endpoint.ts";

/** Where tokens are asked for, and what with beside the grant. */
export interface TokenAsking {
  readonly endpoint: TokenEndpoint;
  readonly parameters: TokenParameters;
}

/** Knows, or finds out, where tokens for a server are asked for. */
export interface TokenPlace {
  readonly secrets: readonly SecretReference[];
  open(host: BackendHost, server: ReachedServer | undefined): void;
  /** Rejects with a `TokenError`. */
  find(): Promise<TokenAsking>;
  /** Takes note of what a server demands (`WWW-Authenticate`); true where another token than before may satisfy it. */
  learn(challenge: string | undefined): boolean;
}

/** The authorization server that the config names; what another server says of it changes nothing. */
export class NamedByConfig implements TokenPlace {
  readonly #asking: TokenAsking;

  constructor(options: AuthorizationServer) {
    this.#asking = { endpoint: new TokenEndpoint(options), parameters: {} };
  }

  get secrets(): readonly SecretReference[] {
    return this.#asking.endpoint.secrets;
  }

  open(): void {}

  async find(): Promise<TokenAsking> {
    return this.#asking;
  }

  learn(): boolean {
    return false;
  }
}
