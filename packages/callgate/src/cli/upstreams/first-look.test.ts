import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeWithPostgres, usePostgres } from "../../store/postgres/testing/use-postgres.ts";
import type { MisbehavingFront } from "../../upstream/credentials/testing/misbehaving-front.ts";
import { CLIENT_SECRET, startProvider, type TestProvider } from "../../upstream/credentials/testing/start-provider.ts";
import { type ServedHttp, serveModern } from "../../upstream/testing/serve-http.ts";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate, startCallgate } from "../testing/run-callgate.ts";
import { ready } from "../testing/waiting-gate.ts";

/** Tokens end while a test runs: whoever looks after that has to refresh. */
const TOKEN_SECONDS = 3;

let project: Project;
let provider: TestProvider;
let calendar: ServedHttp;
let environment: Record<string, string>;
beforeEach(async () => {
  project = emptyFolder();
  installInto(project.folder);
  provider = await startProvider({ tokenSeconds: TOKEN_SECONDS });
  calendar = await serveModern(undefined, 0, async ({ headers: { authorization = "" } }, response) => {
    if ((await provider.holds(authorization.replace("Bearer ", ""))) === "ann") return false;
    response.writeHead(401).end();
    return true;
  });
  environment = { NODE_ENV: "production", CLIENT_SECRET, CALENDAR_TOKEN: await provider.consent() };
});
afterEach(async () => {
  await provider[Symbol.asyncDispose]();
  await calendar.close();
  project.remove();
});

function writeConfig(store: string): void {
  project.write(
    "callgate.config.ts",
    `import { apiKeys, defineGate, env, postgres, refreshing, sqlite, upstream } from "callgate";
     const credential = refreshing({ issuer: "${provider.url}", clientId: "gate", clientSecret: env("CLIENT_SECRET"),
       refreshToken: env("CALENDAR_TOKEN") });
     export default defineGate({ name: "house", graduation: "off", callers: { authenticate: [apiKeys()] },
       domains: [upstream("calendar", { url: "${calendar.url}", credential, reads: ["*"], required: true })],
       store: ${store} });`,
  );
}

const accept = (): Promise<Ran> =>
  runCallgate(["upstreams", "accept", "calendar", "--yes"], { folder: project.folder, environment });
const refreshes = (): number => provider.front.asked.get("refresh_token") ?? 0;
const lock = (): string => join(project.folder, "callgate.lock.json");

/** Without a gate, then beside one that runs, whose token ends meanwhile. Gives what the provider has seen of it. */
async function acceptAndServe(store: string): Promise<Pick<MisbehavingFront, "mostAtOnce" | "reused">> {
  writeConfig(store);
  expect(await accept()).toMatchObject({ code: 0, stdout: expect.stringContaining("echo") });
  expect(refreshes()).toBe(1);
  const gate = startCallgate(["start", "--port", "0", "--json"], { folder: project.folder, environment });
  const [, url = ""] = /"url":"([^"]+)"/.exec(await gate.until(/"url"/)) ?? [];
  try {
    expect(await accept()).toMatchObject({ code: 0, stderr: expect.stringContaining("offers what") });
    const before = refreshes();
    await expect.poll(refreshesAfterReady(url)).toBeGreaterThan(before);
  } finally {
    gate.kill("SIGTERM");
    await gate.ended;
  }
  return provider.front;
}

/** Nobody used a token that somebody else had used. */
const inTurn = { mostAtOnce: 1, reused: 0 };

/** A gate that is ready has been let in just now. */
const refreshesAfterReady = (url: string) => async (): Promise<number> => {
  expect(await ready(url)).toEqual([200, { ready: true }]);
  return refreshes();
};

describe("[C9] the first look at a server whose credential is in the store", () => {
  it("is that of callgate upstreams accept, beside a gate that runs too", async () => {
    expect(await acceptAndServe('sqlite(".callgate/gate.db")')).toMatchObject(inTurn);
  });

  it("is that of a gate that starts, which serves by the same token", async () => {
    writeConfig('sqlite(".callgate/gate.db")');
    const outside = { ...environment, NODE_ENV: "development" };
    const gate = startCallgate(["start", "--port", "0", "--json"], { folder: project.folder, environment: outside });
    const [, url = ""] = /"url":"([^"]+)"/.exec(await gate.until(/"url"/)) ?? [];
    expect(await ready(url)).toEqual([200, { ready: true }]);
    gate.kill("SIGTERM");
    expect(await gate.ended).toMatchObject({ code: 0 });
    expect(readFileSync(lock(), "utf8")).toContain('"echo"');
    expect(provider.front).toMatchObject(inTurn);
  });

  it("says why there is none, and leaves nothing accepted", async () => {
    writeConfig('sqlite(".callgate/gate.db")');
    await provider.revoke(environment["CALENDAR_TOKEN"] ?? "");
    const { code, stderr } = await accept();
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/the refresh token is not taken any more\nMend its cred/),
    ]);
    expect(existsSync(lock())).toBe(false);
  });

  describeWithPostgres("on PostgreSQL", () => {
    const used = usePostgres({ fsync: false });

    it("is that of callgate upstreams accept, beside a gate that runs too", async () => {
      environment["DATABASE_URL"] = await used.newDatabase();
      const store = 'postgres(env("DATABASE_URL"), { folder: ".callgate" })';
      expect(await acceptAndServe(store)).toMatchObject(inTurn);
    });
  });
});
