import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { env } from "../../define/secret.ts";
import { type Answer, type Asked, SecretKeeper } from "../../secrets/testing/secret-keeper.ts";
import { connectHttp } from "../connect-http.ts";
import type { UpstreamCredential } from "../credential.ts";
import { requestOptions } from "../testing/request-options.ts";
import { type ServedHttp, serveModern } from "../testing/serve-http.ts";
import { silentLog } from "../testing/silent-log.ts";
import { clientCredentials } from "./client-credentials.ts";
import { openTestHost, type TestHost } from "./testing/test-host.ts";
import { workloadIdentity } from "./workload-identity.ts";

const LATER_MS = 3_600_000;
const WELL_KNOWN = "/.well-known/oauth-protected-resource";

let hosted: TestHost;
let now: number;
let login: SecretKeeper;
let other: SecretKeeper;
let crm: ServedHttp;
/** What the server says of itself, by path; and what it demands with a refusal. */
let metadata: Record<string, object>;
let demanded: (authorization: string, body: string) => { status: number; challenge: string } | undefined;
beforeEach(async () => {
  now = Date.now();
  hosted = await openTestHost({ clock: () => now });
  login = await SecretKeeper.start((asked) => serveTokens(login, asked));
  other = await SecretKeeper.start((asked) => serveTokens(other, asked));
  metadata = {};
  demanded = () => undefined;
  crm = await serveModern(undefined, 0, async (request, response) => {
    const said = metadata[request.url ?? ""];
    const refusal = demanded(request.headers.authorization ?? "", String(request.headers["mcp-method"]));
    if (said !== undefined) response.end(JSON.stringify(said));
    else if (request.url?.startsWith("/.well-known") === true) response.writeHead(404).end();
    else if (refusal !== undefined) response.writeHead(refusal.status, { "www-authenticate": refusal.challenge }).end();
    return response.writableEnded;
  });
  vi.stubEnv("CLIENT_SECRET", "secret-of-the-gate");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await crm.close();
  await login[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await hosted[Symbol.asyncDispose]();
});

/** An authorization server with the metadata of OpenID Connect alone, whose tokens say which scopes they are for. */
function serveTokens(keeper: SecretKeeper, { path, body }: Asked): Answer {
  const metadataOf = { issuer: keeper.url, token_endpoint: `${keeper.url}/token` };
  if (path === "/.well-known/openid-configuration") return { status: 200, body: metadataOf };
  if (path !== "/token") return { status: 404 };
  const scope = new URLSearchParams(body).get("scope") ?? "none";
  return { status: 200, body: { access_token: `for ${scope}`, token_type: "Bearer", expires_in: 3_600 } };
}

const forms = (keeper: SecretKeeper): URLSearchParams[] =>
  keeper.asked.filter(({ path }) => path === "/token").map(({ body }) => new URLSearchParams(body));
const use = () => ({ signal: AbortSignal.timeout(20_000) });
const named = (issuer: string, more: object = {}) => ({
  resource: crm.url,
  authorization_servers: [issuer],
  ...more,
});

async function open(more: object = {}): Promise<UpstreamCredential> {
  const credential = clientCredentials({ clientId: "gate", clientSecret: env("CLIENT_SECRET"), ...more });
  await credential.open?.(hosted.host, { url: crm.url });
  return credential;
}

describe("the authorization server that a server names", () => {
  it("[C9] is asked for a token for the server as it calls itself, with the scopes that it offers", async () => {
    const { origin } = new URL(crm.url);
    metadata[WELL_KNOWN] = named(login.url, { resource: origin, scopes_supported: ["crm", "notes"] });
    const credential = await open();
    expect(await credential.headers(use())).toEqual({ authorization: "Bearer for crm notes" });
    expect(forms(login).map((form) => form.get("resource"))).toEqual([origin]);
  });

  it("is not shown the gate's client where the config does not allow its host (SECURITY 24)", async () => {
    const elsewhere = login.url.replace("127.0.0.1", "localhost");
    metadata[`${WELL_KNOWN}/mcp`] = named(elsewhere);
    const credential = await open();
    await expect(credential.headers(use())).rejects.toThrow(/names localhost:\d+, which stands in the config neither/);
    expect(login.asked).toEqual([]);
    metadata[`${WELL_KNOWN}/mcp`] = named("http://login.example.com");
    await expect((await open({ issuersAt: ["login.example.com"] })).headers(use())).rejects.toThrow(
      "not reached by https",
    );
    metadata[`${WELL_KNOWN}/mcp`] = named(login.url);
    const allowed = await open({ issuersAt: [new URL(login.url).host] });
    expect(await allowed.headers(use())).toEqual({ authorization: "Bearer for none" });
  });

  it("is not asked where the server's metadata are another one's, or lie elsewhere (SECURITY 24)", async () => {
    metadata[`${WELL_KNOWN}/mcp`] = named(login.url, { resource: "https://bank.example.com/mcp" });
    const credential = await open();
    await expect(credential.headers(use())).rejects.toThrow("its metadata are those of another server");
    const challenge = `Bearer resource_metadata="${login.url}/elsewhere"`;
    expect(await credential.refused(use(), {}, challenge)).toBe(false);
    expect(login.asked).toEqual([]);
  });

  it("stays the same while the process lives, whatever the server says later", async () => {
    metadata[`${WELL_KNOWN}/mcp`] = named(login.url);
    const credential = await open();
    const before = await credential.headers(use());
    metadata["/moved"] = named(other.url);
    const challenge = `Bearer resource_metadata="${new URL("/moved", crm.url).href}"`;
    expect(await credential.refused(use(), { ...before }, challenge)).toBe(false);
    expect(other.asked).toEqual([]);
  });
});

describe("what a server demands", () => {
  const connect = (credential: UpstreamCredential) =>
    connectHttp({ name: "crm", url: crm.url, credential, log: silentLog });
  const echo = async (credential: UpstreamCredential): Promise<unknown> => {
    const connection = connect(credential);
    try {
      return await connection.request("tools/call", { name: "echo", arguments: { words: "hi" } }, requestOptions());
    } finally {
      await connection.close();
    }
  };

  it("[C9] is found by its challenge, and a wider scope is asked for where a call needs it, with those from before", async () => {
    metadata["/about"] = named(login.url);
    const about = `resource_metadata="${new URL("/about", crm.url).href}"`;
    demanded = (authorization, method) => {
      if (authorization === "") return { status: 401, challenge: `Basic realm="x", Bearer scope="crm:read", ${about}` };
      if (method !== "tools/call" || authorization.includes("crm:write")) return undefined;
      return { status: 403, challenge: `Bearer error="insufficient_scope", scope="crm:write", ${about}` };
    };
    const credential = await open();
    expect(await echo(credential)).toMatchObject({ result: { content: [{ text: "hi" }] } });
    expect(forms(login).map((form) => form.get("scope"))).toEqual(["crm:read", "crm:read crm:write"]);
    expect(await credential.headers(use())).toEqual({ authorization: "Bearer for crm:read crm:write" });
  });

  it("is asked for once where the server is never content, and never beyond what the config says", async () => {
    metadata[`${WELL_KNOWN}/mcp`] = named(login.url);
    demanded = (_, method) =>
      method === "tools/call"
        ? { status: 403, challenge: 'Bearer error="insufficient_scope", scope="all"' }
        : undefined;
    await expect(echo(await open())).rejects.toThrow("does not allow this to the gate's credential (403)");
    expect(forms(login).map((form) => form.get("scope"))).toEqual([null, "all"]);
    await expect(echo(await open({ scope: "crm" }))).rejects.toThrow("(403)");
    expect(forms(login).map((form) => form.get("scope"))).toEqual([null, "all", "crm"]);
  });
});

describe("a server whose demands never end", () => {
  it("is followed a hundred times, and again once its credential is opened anew (SECURITY 31)", async () => {
    metadata[`${WELL_KNOWN}/mcp`] = named(login.url);
    const credential = await open();
    const demand = async (scope: string): Promise<boolean | undefined> =>
      credential.lacks?.(
        use(),
        { ...(await credential.headers(use())) },
        `Bearer error="insufficient_scope", scope="${scope}"`,
      );
    let followed = 0;
    for (let each = 0; each < 150; each += 1) if (await demand(`s${each}`)) followed += 1;
    expect(followed).toBe(100);
    expect(forms(login)).toHaveLength(101);
    await credential.open?.(hosted.host, { url: crm.url });
    expect(await demand("more")).toBe(true);
  });

  it("is not asked for more than two hundred scopes", async () => {
    metadata[`${WELL_KNOWN}/mcp`] = named(login.url);
    const credential = await open();
    const many = Array.from({ length: 300 }, (_, at) => `s${at}`).join(" ");
    expect(await credential.refused(use(), { ...(await credential.headers(use())) }, `Bearer scope="${many}"`)).toBe(
      true,
    );
    expect(forms(login).at(-1)?.get("scope")?.split(" ")).toHaveLength(200);
  });
});

describe("how the gate's client proves who it is", () => {
  const pem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
  const keys = [
    ["RS256", generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey],
    ["ES384", generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey],
    ["Ed25519", generateKeyPairSync("ed25519").privateKey],
  ] as const;

  it.each(keys)("by a key of its own, with %s, which is not sent (SECURITY 5)", async (algorithm, key) => {
    vi.stubEnv("CLIENT_KEY", pem(key));
    const tokenUrl = `${login.url}/token`;
    const clientKey = { key: env("CLIENT_KEY"), id: "2026" };
    const credential = clientCredentials({ tokenUrl, clientId: "gate", clientKey });
    await credential.open?.(hosted.host);
    await credential.headers(use());
    const assertion = forms(login)[0]?.get("client_assertion") ?? "";
    const { payload, protectedHeader } = await jwtVerify(assertion, createPublicKey(key), { audience: tokenUrl });
    expect(payload).toMatchObject({ iss: "gate", sub: "gate" });
    expect(protectedHeader).toMatchObject({ alg: algorithm, kid: "2026" });
  });

  it("says that a key is none, and does not repeat it", async () => {
    vi.stubEnv("CLIENT_KEY", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----");
    const clientKey = { key: env("CLIENT_KEY") };
    const credential = clientCredentials({ tokenUrl: `${login.url}/token`, clientId: "gate", clientKey });
    await credential.open?.(hosted.host);
    const error: unknown = await Promise.resolve(credential.headers(use())).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining("no private key in PEM") });
    expect(String(error)).not.toContain("canary");
  });

  it("by a secret that servers understand which do not decode it", async () => {
    vi.stubEnv("CLIENT_SECRET", "a-b.c_d:e f");
    const credential = clientCredentials({
      issuer: login.url,
      clientId: "the-gate",
      clientSecret: env("CLIENT_SECRET"),
    });
    await credential.open?.(hosted.host);
    await credential.headers(use());
    const shown = login.asked.find(({ path }) => path === "/token")?.headers.authorization ?? "";
    expect(atob(shown.replace("Basic ", ""))).toBe("the-gate:a-b.c_d%3Ae+f");
  });

  it("by the statement that its platform makes of it, as that is at the moment", async () => {
    vi.stubEnv("WORKLOAD", "first-statement");
    const credential = workloadIdentity({ issuer: login.url, clientId: "gate", assertion: env("WORKLOAD") });
    await credential.open?.(hosted.host);
    await credential.headers(use());
    vi.stubEnv("WORKLOAD", "second-statement");
    now += LATER_MS;
    await credential.headers(use());
    expect(forms(login).map((form) => form.get("assertion"))).toEqual(["first-statement", "second-statement"]);
  });
});
