/** As much of the test provider as is used here. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  export interface Saved {
    save(): Promise<string>;
    destroy(): Promise<void>;
  }

  export interface TokenContext {
    oidc: {
      params: Record<string, string | undefined>;
      client: object;
    };
    body: unknown;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    /** Whether it believes the headers of who stands before it. */
    proxy: boolean;
    callback(): RequestListener;
    registerGrantType(
      name: string,
      handler: (context: TokenContext) => Promise<void>,
      parameters: readonly string[],
    ): void;
    Client: { find(id: string): Promise<object> };
    Grant: new (
      of: object,
    ) => Saved & { addOIDCScope(scope: string): void; jti: string };
    RefreshToken: (new (
      of: object,
    ) => Saved) & { find(value: string): Promise<({ grantId: string } & Saved) | undefined> };
    AccessToken: (new (of: object) => Saved) & { find(value: string): Promise<{ accountId?: string } | undefined> };
    ClientCredentials: { find(value: string): Promise<object | undefined> };
  }
}
