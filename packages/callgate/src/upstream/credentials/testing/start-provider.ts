import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { MisbehavingFront } from "./misbehaving-front.ts";

const PROCESS = join(import.meta.dirname, "..", "test-processes", "provider.ts");

/** The secret of the client `gate` there. */
export const CLIENT_SECRET = "canary-client-secret-0123456789abcdef";

/** A real authorization server, and the front through which everybody reaches it. */
export interface TestProvider extends AsyncDisposable {
  readonly front: MisbehavingFront;
  /** Its issuer: the front's address. */
  readonly url: string;
  /** A person consents: the first refresh token of a rotation. */
  consent(): Promise<string>;
  /** Takes back what a refresh token stands for. */
  revoke(refreshToken: string): Promise<void>;
  /** Whom an access token is for: an account, `gate` for the client itself, or `no` where it does not hold. */
  holds(accessToken: string): Promise<string>;
}

export async function startProvider({ tokenSeconds = 3_600, jwksUrl = "" } = {}): Promise<TestProvider> {
  const front = await MisbehavingFront.start();
  const child = fork(PROCESS, {
    env: { ...process.env, PUBLIC_URL: front.url, TOKEN_SECONDS: String(tokenSeconds), JWKS_URL: jwksUrl },
    silent: true,
  });
  const [{ port }] = (await once(child, "message")) as [{ readonly port: number }];
  const provider = `http://127.0.0.1:${port}`;
  front.stand(provider);
  const ask = async (path: string, token = ""): Promise<string> => {
    const response = await fetch(`${provider}/test/${path}?${new URLSearchParams({ token }).toString()}`);
    if (!response.ok) throw new Error(await response.text());
    return response.text();
  };
  return {
    front,
    url: front.url,
    consent: async () => {
      const token = await ask("consent");
      front.given.add(token);
      return token;
    },
    revoke: async (token) => {
      await ask("revoke", token);
      front.forgetAnswers();
    },
    holds: (token) => ask("holds", token),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await front.close();
    },
  };
}
