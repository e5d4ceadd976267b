import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { env } from "../../define/secret.ts";
import type { UpstreamCredential } from "../credential.ts";
import { bearer } from "./bearer.ts";
import { clientCredentials } from "./client-credentials.ts";
import { refreshing } from "./refreshing.ts";
import { statement } from "./statement.ts";
import { CLIENT_SECRET, startProvider, type TestProvider } from "./testing/start-provider.ts";
import { openTestHost, person, type TestHost } from "./testing/test-host.ts";
import { together } from "./together.ts";
import { TokenError } from "./token-errors.ts";
import { tokenExchange } from "./token-exchange.ts";

const LATER_MS = 3_600_000;

let provider: TestProvider;
let keys: { readonly url: string; show: () => readonly object[]; close(): void };
let hosted: TestHost;
let now: number;

beforeAll(async () => {
  keys = await serveKeys();
  provider = await startProvider({ jwksUrl: keys.url });
});
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  keys.close();
});
beforeEach(async () => {
  now = Date.now();
  hosted = await openTestHost({ clock: () => now });
  keys.show = () => hosted.host.statements.publicKeys();
  vi.stubEnv("CLIENT_SECRET", CLIENT_SECRET);
  provider.front.faults.length = 0;
  provider.front.asked.clear();
  provider.front.hasGrace = true;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hosted[Symbol.asyncDispose]();
});

/** What a gate serves at `/.well-known/jwks.json`. */
async function serveKeys(): Promise<typeof keys> {
  let show: () => readonly object[] = () => [];
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: show() })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get show() {
      return show;
    },
    set show(value) {
      show = value;
    },
    close: () => void server.close(),
  };
}

const server = () => ({ issuer: provider.url, clientId: "gate", clientSecret: env("CLIENT_SECRET"), scope: "crm" });
const use = (name?: string, tool?: string) => ({
  ...(name !== undefined && { subject: person(name) }),
  ...(tool !== undefined && { tool }),
  signal: AbortSignal.timeout(20_000),
});

async function open(credential: UpstreamCredential): Promise<UpstreamCredential> {
  await credential.open?.(hosted.host);
  return credential;
}

async function tokenOf(credential: UpstreamCredential, name?: string): Promise<string> {
  const { authorization = "" } = await credential.headers(use(name));
  return authorization.replace("Bearer ", "");
}

const refusedToken = (credential: UpstreamCredential, token: string) =>
  credential.refused(use(), { authorization: `Bearer ${token}` });

/** No error and no line of a log may hold a token or a secret of anybody, however deep. */
function expectNoCanary(...things: readonly unknown[]): void {
  const text =
    things.map((each) => inspect(each, { depth: 20, showHidden: true })).join("\n") + hosted.logged.join("\n");
  for (const token of [...provider.front.given, CLIENT_SECRET]) expect(text).not.toContain(token);
}

describe("client credentials", () => {
  it("get one token for all that wait, and another one before it ends", async () => {
    const credential = await open(clientCredentials(server()));
    const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenOf(credential)));
    expect(new Set(tokens).size).toBe(1);
    expect(await provider.holds(tokens[0] ?? "")).toBe("gate");
    expect(provider.front.asked.get("client_credentials")).toBe(1);
    now += LATER_MS - 30_000;
    // It is used while the next one is asked for.
    expect(await tokenOf(credential)).toBe(tokens[0]);
    await expect.poll(() => tokenOf(credential)).not.toBe(tokens[0]);
    expect(provider.front.asked.get("client_credentials")).toBe(2);
  });

  it("are asked for anew where the server refuses a token, and not for each that is refused after that", async () => {
    const credential = await open(clientCredentials(server()));
    const first = await tokenOf(credential);
    expect(await refusedToken(credential, first)).toBe(true);
    const second = await tokenOf(credential);
    expect(second).not.toBe(first);
    expect(await refusedToken(credential, first)).toBe(true);
    expect(await refusedToken(credential, second)).toBe(false);
    expect(provider.front.asked.get("client_credentials")).toBe(2);
  });

  it.each(["500", "html", "busy", "forget", "slow", "skew"] as const)(
    "get over a server with the fault %s",
    async (fault) => {
      provider.front.faults.push(fault);
      const credential = await open(clientCredentials(server()));
      expect(await provider.holds(await tokenOf(credential))).toBe("gate");
      expectNoCanary();
    },
  );

  it("reject with what is wrong, at once for the next ones, and try again later", async () => {
    provider.front.faults.push("html", "html", "500");
    const credential = await open(clientCredentials(server()));
    const error: unknown = await tokenOf(credential).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenError);
    expect(error).toMatchObject({ fault: { kind: "unreachable", sent: false } });
    await expect(tokenOf(credential)).rejects.toBe(error);
    expect(provider.front.asked.get("client_credentials")).toBe(3);
    await expect.poll(() => tokenOf(credential).catch(() => "")).not.toBe("");
    expectNoCanary(error);
  });

  it("take a client secret that was rotated meanwhile, and say so where it is wrong", async () => {
    vi.stubEnv("CLIENT_SECRET", "wrong-client-secret");
    const credential = await open(clientCredentials(server()));
    await expect(tokenOf(credential)).rejects.toThrow(/no token comes from .*: invalid_client$/);
    vi.stubEnv("CLIENT_SECRET", CLIENT_SECRET);
    await expect.poll(() => tokenOf(credential).catch(() => "")).not.toBe("");
  });

  it("are not asked for in the open", () => {
    expect(() => clientCredentials({ tokenUrl: "http://login.example.com/token", clientId: "gate" })).toThrow(
      /No token/,
    );
  });
});

describe("refresh tokens that rotate", () => {
  async function openRefreshing(): Promise<UpstreamCredential> {
    vi.stubEnv("REFRESH_TOKEN", await provider.consent());
    return open(refreshing({ ...server(), refreshToken: env("REFRESH_TOKEN") }));
  }

  it("[C9] are used once each, and their successors are taken up by the next start", async () => {
    const credential = await openRefreshing();
    const first = await tokenOf(credential);
    expect(await provider.holds(first)).toBe("ann");
    const again = await open(refreshing({ ...server(), refreshToken: env("REFRESH_TOKEN") }));
    expect(await tokenOf(again)).toBe(first);
    expect(provider.front.asked.get("refresh_token")).toBe(1);
    now += LATER_MS;
    expect(await tokenOf(again)).not.toBe(first);
    expect(await provider.holds(await tokenOf(credential))).toBe("ann");
    expect(provider.front.asked.get("refresh_token")).toBe(2);
  });

  it.each(["500", "html", "busy", "forget", "forget-html", "slow", "skew"] as const)(
    "[C9] are not lost by a server with the fault %s",
    async (fault) => {
      const credential = await openRefreshing();
      for (let round = 0; round < 3; round += 1) {
        provider.front.faults.push(fault);
        now += LATER_MS;
        expect(await provider.holds(await tokenOf(credential))).toBe("ann");
      }
      expectNoCanary();
    },
  );

  it("[C9] are used by one alone while it lives, however slow the server is, and once", async () => {
    const { front } = provider;
    const one = await openRefreshing();
    const other = await open(refreshing({ ...server(), refreshToken: env("REFRESH_TOKEN") }));
    front.faults.push("slow");
    // Longer than a lease lasts that nobody prolongs, and than other tokens are waited for.
    front.slowMs = 6_500;
    const tokens = await Promise.all([tokenOf(one), tokenOf(other)]);
    front.slowMs = 300;
    expect(new Set(tokens).size).toBe(1);
    expect(front.asked.get("refresh_token")).toBe(1);
    expect(front.mostAtOnce).toBe(1);
  });

  it("are erased where the server has taken the consent back, and begin anew with a new one", async () => {
    const credential = await openRefreshing();
    const first = await tokenOf(credential);
    const [last = ""] = [...provider.front.given].slice(-1);
    await provider.revoke(last);
    now += LATER_MS;
    const error: unknown = await tokenOf(credential).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      fault: { kind: "unauthorized" },
      message: expect.stringContaining("not taken any more"),
    });
    expect(hosted.logged.join()).toContain("put a new one behind its reference");
    expectNoCanary(error);
    const asked = provider.front.asked.get("refresh_token");
    await expect(open(refreshing({ ...server(), refreshToken: env("REFRESH_TOKEN") })).then(tokenOf)).rejects.toThrow();
    // What is known to be taken back is not tried again.
    expect(provider.front.asked.get("refresh_token")).toBe(asked);
    vi.stubEnv("REFRESH_TOKEN", await provider.consent());
    const renewed = await open(refreshing({ ...server(), refreshToken: env("REFRESH_TOKEN") }));
    const second = await tokenOf(renewed);
    expect(second).not.toBe(first);
    expect(await provider.holds(second)).toBe("ann");
  });
});

describe("for whom a call is", () => {
  it("[C7] is said in a statement that the server can verify, and that holds for a minute", async () => {
    vi.stubEnv("CRM_TOKEN", "service-account");
    const credential = await open(together(bearer(env("CRM_TOKEN")), statement({ audience: "https://crm.internal" })));
    const headers = await credential.headers(use("ann", "find_contacts"));
    expect(headers["authorization"]).toBe("Bearer service-account");
    const shown = createLocalJWKSet({ keys: hosted.host.statements.publicKeys() } as unknown as JSONWebKeySet);
    const said = headers["x-callgate-statement"] ?? "";
    const { payload } = await jwtVerify(said, shown, {
      audience: "https://crm.internal",
      issuer: "https://gate.example",
    });
    expect(payload).toMatchObject({
      sub: "user:ann",
      kind: "person",
      user: "ann",
      tenant: "north",
      tool: "find_contacts",
    });
    expect(payload["act"]).toEqual({ sub: "key-of-ann" });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    expect((await credential.headers(use("ann", "find_contacts")))["x-callgate-statement"]).toBe(said);
    expect((await credential.headers(use("bob", "find_contacts")))["x-callgate-statement"]).not.toBe(said);
  });

  const exchanging = () => tokenExchange({ ...server(), audience: "crm" });

  it("[C7] is what an exchange gives a token for: one each, until it ends", async () => {
    const credential = await open(exchanging());
    const names = ["ann", "bob", "ann", "bob"];
    const tokens = await Promise.all(names.map((name) => tokenOf(credential, name)));
    expect(await Promise.all(tokens.map((token) => provider.holds(token)))).toEqual(
      names.map((name) => `user:${name}`),
    );
    expect(new Set(tokens).size).toBe(2);
    now += LATER_MS;
    expect(await tokenOf(credential, "ann")).not.toBe(tokens[0]);
  });

  it("[C7] denies where the exchange fails, that subject alone, and says nothing of what was sent", async () => {
    const credential = await open(exchanging());
    const error: unknown = await tokenOf(credential, "mallory").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ fault: { kind: "unauthorized" }, message: expect.stringContaining("invalid_grant") });
    expect(inspect(error, { depth: 20 })).not.toMatch(/eyJ/);
    expect(await provider.holds(await tokenOf(credential, "ann"))).toBe("user:ann");
    provider.front.faults.push("500", "html", "500");
    await expect(tokenOf(credential, "carol")).rejects.toThrow(/no token comes from/);
    expectNoCanary(error);
  });
});
