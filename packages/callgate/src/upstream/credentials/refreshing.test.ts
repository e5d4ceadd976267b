import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { env } from "../../define/secret.ts";
import type { UpstreamCredential } from "../credential.ts";
import { refreshing } from "./refreshing.ts";
import { CLIENT_SECRET, startProvider, type TestProvider } from "./testing/start-provider.ts";
import { openTestHost, type TestHost } from "./testing/test-host.ts";

const LATER_MS = 3_600_000;

let provider: TestProvider;
let hosted: TestHost;
let now: number;
beforeEach(async () => {
  now = Date.now();
  provider = await startProvider();
  hosted = await openTestHost({ clock: () => now });
  vi.stubEnv("CLIENT_SECRET", CLIENT_SECRET);
  vi.stubEnv("REFRESH_TOKEN", await provider.consent());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hosted[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

async function open({ host }: TestHost): Promise<UpstreamCredential> {
  const [clientSecret, refreshToken] = [env("CLIENT_SECRET"), env("REFRESH_TOKEN")];
  const credential = refreshing({ issuer: provider.url, clientId: "gate", clientSecret, scope: "crm", refreshToken });
  await credential.open?.(host);
  return credential;
}

async function tokenOf(credential: UpstreamCredential): Promise<string> {
  const { authorization = "" } = await credential.headers({ signal: AbortSignal.timeout(20_000) });
  return authorization.replace("Bearer ", "");
}

describe("refresh tokens, while one is being refreshed", () => {
  it("[C9] begin anew with one that was put there while the last one was being refreshed", async () => {
    const credential = await open(hosted);
    await tokenOf(credential);
    const { front } = provider;
    const before = front.newest;
    now += LATER_MS;
    front.faults.push("slow");
    const asking = tokenOf(credential);
    await expect.poll(() => front.newest).not.toBe(before);
    await provider.revoke(front.newest);
    vi.stubEnv("REFRESH_TOKEN", await provider.consent());
    await asking;
    now += LATER_MS;
    expect(await provider.holds(await tokenOf(credential))).toBe("ann");
  });

  it("[C9] are not lost by a gate that closes while one is got", async () => {
    const { front } = provider;
    const folder = mkdtempSync(join(tmpdir(), "refreshing-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const closes = await openTestHost({ folder, clock: () => now });
    const credential = await open(closes);
    const first = await tokenOf(credential);
    now += LATER_MS - 30_000;
    front.faults.push("slow");
    // It is used while the next one is asked for.
    expect(await tokenOf(credential)).toBe(first);
    await expect.poll(() => front.refreshing).toBe(1);
    await credential.close?.();
    await closes[Symbol.asyncDispose]();
    await using starts = await openTestHost({ folder, clock: () => now });
    expect(await tokenOf(await open(starts))).not.toBe(first);
    expect(front.asked.get("refresh_token")).toBe(2);
    expect(front.reused).toBe(0);
  });
});
