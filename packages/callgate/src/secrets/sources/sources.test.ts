import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aws, doppler, gcp, op, optional, type SecretReference, vault } from "../../define/secret.ts";
import { loadSecrets } from "../load-secrets.ts";
import { resolveSecret } from "../resolve-secret.ts";
import { type Answer, type Asked, SecretKeeper } from "../testing/secret-keeper.ts";

const TOKEN = "token-of-the-gate-itself";
const SECRET = "s3cret-in-the-keeper";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-sources-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function load(reference: SecretReference, withinMs = 5_000): Promise<string | undefined> {
  await loadSecrets([reference], { anew: true, withinMs });
  return resolveSecret(reference);
}

/** Why it could not be had; in no case with a secret in it. */
async function whyNot(reference: SecretReference, withinMs = 5_000): Promise<string> {
  const error: unknown = await load(reference, withinMs).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) throw new Error(`it was had: ${String(error)}`);
  const all = [error.message, String(error.stack)].join("\n");
  for (const secret of [TOKEN, SECRET]) expect(all).not.toContain(secret);
  return error.message;
}

describe("vault:", () => {
  const mount = (version: "1" | "2") => ({ data: { path: "secret/", type: "kv", options: { version } } });
  const serve = (answer: (asked: Asked, count: number) => Answer | "hang") => async () => {
    const keeper = await SecretKeeper.start(answer);
    vi.stubEnv("VAULT_ADDR", keeper.url);
    vi.stubEnv("VAULT_TOKEN", TOKEN);
    return keeper;
  };

  it.each([
    ["2", "/v1/secret/data/crm/prod", { data: { data: { token: SECRET }, metadata: { version: 3 } } }],
    ["1", "/v1/secret/crm/prod", { data: { token: SECRET } }],
  ] as const)("reads version %s of its key-value store, in the namespace that is set", async (version, path, body) => {
    vi.stubEnv("VAULT_NAMESPACE", "team-a");
    await using keeper = await serve(({ path: asked }) =>
      asked === path ? { status: 200, body } : { status: 200, body: mount(version) },
    )();
    expect(await load(vault("secret/crm/prod#token"))).toBe(SECRET);
    expect(keeper.asked.map((asked) => asked.path)).toEqual(["/v1/sys/internal/ui/mounts/secret/crm/prod", path]);
    expect(keeper.asked[1]?.headers).toMatchObject({ "x-vault-token": TOKEN, "x-vault-namespace": "team-a" });
  });

  it("takes OpenBao's variables and the file of a token", async () => {
    writeFileSync(join(folder, "token"), `${TOKEN}\n`);
    vi.stubEnv("VAULT_TOKEN_FILE", join(folder, "token"));
    await using keeper = await SecretKeeper.start(({ path }) =>
      path.startsWith("/v1/sys/")
        ? { status: 200, body: mount("1") }
        : { status: 200, body: { data: { token: SECRET } } },
    );
    vi.stubEnv("BAO_ADDR", keeper.url);
    vi.stubEnv("VAULT_ADDR", "http://127.0.0.1:1");
    expect(await load(vault("secret/bao#token"))).toBe(SECRET);
    expect(keeper.asked[1]?.headers["x-vault-token"]).toBe(TOKEN);
  });

  it("says what is wrong: the token, the path, the field, the server", async () => {
    const cases: readonly (readonly [Answer, RegExp])[] = [
      [{ status: 403, body: { errors: ["permission denied"] } }, /the token may not read it \(403\)/],
      [{ status: 404, body: { errors: [] } }, /is not there, or is empty/],
      [{ status: 200, body: { data: { data: { other: SECRET } } } }, /is not there, or is empty/],
      [{ status: 307, headers: { location: "http://127.0.0.1:1/" } }, /refers to another address/],
      [{ status: 200, body: "<html>sign in</html>" }, /is not there, or is empty/],
    ];
    for (const [answer, words] of cases) {
      await using _keeper = await serve(({ path }) =>
        path.startsWith("/v1/sys/") ? { status: 200, body: mount("2") } : answer,
      )();
      expect(await whyNot(vault("secret/wrong#token"))).toMatch(words);
    }
    await using _other = await serve(() => ({ status: 400, body: { errors: ["no mount"] } }))();
    expect(await whyNot(vault("nowhere/x#y"))).toBe(
      "the secret vault:nowhere/x#y cannot be had: nothing is mounted there (400)",
    );
    vi.stubEnv("VAULT_ADDR", "");
    expect(await whyNot(vault("secret/a#b"))).toMatch(/VAULT_ADDR is not set/);
  });

  it("waits out a sealed or busy server, for as long as there is time", async () => {
    await using keeper = await serve(({ path }, count) => {
      if (count === 1) return { status: 429, headers: { "retry-after": "0" } };
      if (count === 3) return { status: 503, body: { errors: ["Vault is sealed"] } };
      return path.startsWith("/v1/sys/")
        ? { status: 200, body: mount("1") }
        : { status: 200, body: { data: { token: SECRET } } };
    })();
    expect(await load(vault("secret/busy#token"))).toBe(SECRET);
    expect(keeper.asked).toHaveLength(4);
    await using _sealed = await serve(() => ({ status: 503 }))();
    expect(await whyNot(vault("secret/sealed#token"), 600)).toMatch(/answers 503$/);
    await using _silent = await serve(() => "hang")();
    expect(await whyNot(vault("secret/silent#token"), 300)).toMatch(/did not answer in time$/);
  });
});

describe("doppler:", () => {
  it("reads a secret of the token's own config, or of one that is named", async () => {
    vi.stubEnv("DOPPLER_TOKEN", TOKEN);
    await using keeper = await SecretKeeper.start(({ query }) => ({
      status: 200,
      body: { name: query.get("name"), value: { raw: "${OTHER}", computed: SECRET } },
    }));
    vi.stubEnv("DOPPLER_API_HOST", keeper.url);
    expect(await load(doppler("CRM_TOKEN"))).toBe(SECRET);
    expect(await load(doppler("desk/prd/CRM_TOKEN"))).toBe(SECRET);
    expect(keeper.asked.map(({ path, query }) => [path, query.toString()].join("?"))).toEqual([
      "/v3/configs/config/secret?name=CRM_TOKEN",
      "/v3/configs/config/secret?project=desk&config=prd&name=CRM_TOKEN",
    ]);
    expect(keeper.asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it("says what is wrong, and waits where it is asked too often", async () => {
    expect(await whyNot(doppler("X"))).toMatch(/DOPPLER_TOKEN is not set/);
    vi.stubEnv("DOPPLER_TOKEN", TOKEN);
    const messages = [`Invalid Auth token ${TOKEN}`];
    await using keeper = await SecretKeeper.start(({ query }, count) =>
      count === 1
        ? { status: 429, headers: { "retry-after": "0" } }
        : { status: Number(query.get("name")), body: { messages, success: false } },
    );
    vi.stubEnv("DOPPLER_API_HOST", keeper.url);
    expect(await whyNot(doppler("401"))).toMatch(/DOPPLER_TOKEN is not taken \(401\)/);
    expect(keeper.asked).toHaveLength(2);
    expect(await whyNot(doppler("403"))).toMatch(/may not read it \(403\)/);
    expect(await whyNot(doppler("404"))).toMatch(/is not there/);
    expect(await load(optional(doppler("404")))).toBeUndefined();
  });
});

describe("op:", () => {
  function installOp(script: string): void {
    const path = join(folder, "op");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    vi.stubEnv("PATH", [folder, process.env["PATH"]].join(delimiter));
  }

  it("asks the command, without a shell between", async () => {
    installOp('[ "$1 $2 $#" = "read --no-newline 3" ] && printf "%s" "got $3"');
    expect(await load(op("op://vault/item/$(id) field"))).toBe("got op://vault/item/$(id) field");
  });

  it("says why the command did not give it, or that there is none", async () => {
    installOp('echo "[ERROR] 2026/11/21 could not find item crm" >&2; echo more >&2; exit 1');
    expect(await whyNot(op("op://vault/crm/token"))).toBe(
      "the secret op://vault/crm/token cannot be had: op ended with 1: [ERROR] 2026/11/21 could not find item crm",
    );
    installOp("exec sleep 30");
    expect(await whyNot(op("op://vault/slow/token"), 200)).toMatch(/did not answer in time/);
    vi.stubEnv("PATH", join(folder, "nothing"));
    expect(await whyNot(op("op://vault/none/token"))).toMatch(/there is no op command/);
  });
});

describe("aws:", () => {
  beforeEach(() => {
    vi.stubEnv("AWS_REGION", "eu-central-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", TOKEN);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  });
  const failure = (name: string, status = 400): Answer => ({
    status,
    body: { __type: name, message: `${TOKEN} is no good` },
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": name },
  });

  it("reads a secret, or a field of it, signed and never with the key itself", async () => {
    await using keeper = await SecretKeeper.start(({ body }) => ({
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: { Name: JSON.parse(body).SecretId, SecretString: JSON.stringify({ token: SECRET, port: 5432 }) },
    }));
    vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", keeper.url);
    expect(await load(aws("prod/crm#token"))).toBe(SECRET);
    expect(await load(aws("prod/crm#port"))).toBe("5432");
    expect(await load(aws("prod/crm"))).toBe(`{"token":"${SECRET}","port":5432}`);
    const { headers } = keeper.asked[0] as Asked;
    expect(headers["x-amz-target"]).toBe("secretsmanager.GetSecretValue");
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\//);
    expect(JSON.stringify(keeper.asked)).not.toContain(TOKEN);
  });

  it("says what is wrong, and comes again where it is throttled", async () => {
    let answer: (count: number) => Answer = () => failure("AccessDeniedException");
    await using keeper = await SecretKeeper.start((_, count) => answer(count));
    vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", keeper.url);
    expect(await whyNot(aws("a"))).toMatch(/AWS says AccessDeniedException/);
    answer = () => failure("ResourceNotFoundException");
    expect(await whyNot(aws("b"))).toMatch(/is not there/);
    const before = keeper.asked.length;
    const plain = { status: 200, body: { SecretString: SECRET } };
    answer = (count) => (count === before + 1 ? failure("ThrottlingException") : plain);
    expect(await load(aws("c"))).toBe(SECRET);
    expect(keeper.asked).toHaveLength(before + 2);
    expect(await whyNot(aws("c#field"))).toMatch(/it has no fields/);
  });
});

describe("gcp:", () => {
  const name = "projects/desk/secrets/crm";
  async function startGoogle(answer: (asked: Asked, count: number) => Answer): Promise<SecretKeeper> {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const keeper = await SecretKeeper.start((asked, count) =>
      asked.path === "/token"
        ? { status: 200, body: { access_token: TOKEN, expires_in: 3600, token_type: "Bearer" } }
        : answer(asked, count),
    );
    const account = {
      type: "service_account",
      project_id: "desk",
      private_key_id: "k1",
      private_key: privateKey.export({ format: "pem", type: "pkcs8" }),
      client_email: "gate@desk.iam.gserviceaccount.com",
      client_id: "1",
      token_uri: `${keeper.url}/token`,
    };
    writeFileSync(join(folder, "account.json"), JSON.stringify(account));
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", join(folder, "account.json"));
    vi.stubEnv("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", keeper.url);
    return keeper;
  }

  it("reads the latest version unless one is named", async () => {
    await using keeper = await startGoogle(({ path }) => ({
      status: 200,
      body: { name: path, payload: { data: Buffer.from(SECRET).toString("base64") } },
    }));
    expect(await load(gcp(name))).toBe(SECRET);
    expect(await load(gcp(`${name}/versions/7`))).toBe(SECRET);
    const read = keeper.asked.filter(({ path }) => path.startsWith("/v1/"));
    expect(read.map(({ path }) => path)).toEqual([
      `/v1/${name}/versions/latest:access`,
      `/v1/${name}/versions/7:access`,
    ]);
  });

  it.each([
    [403, "PERMISSION_DENIED", /may not read it/],
    [404, "NOT_FOUND", /is not there/],
    [401, "UNAUTHENTICATED", /not taken/],
  ])("says what is wrong: %s", async (code, status, words) => {
    await using _keeper = await startGoogle(() => ({
      status: code,
      body: { error: { code, message: `no: ${TOKEN}`, status } },
    }));
    expect(await whyNot(gcp(name))).toMatch(words);
  });
});

describe("references", () => {
  it("that are misspelt are refused where they stand, and not repeated", () => {
    for (const wrong of [
      () => op(SECRET),
      () => vault(SECRET),
      () => vault("secret/crm"),
      () => gcp(SECRET),
      () => doppler("a/b"),
    ]) {
      expect(wrong).toThrow(/is not written so/);
      expect(wrong).not.toThrow(SECRET);
    }
  });
});
