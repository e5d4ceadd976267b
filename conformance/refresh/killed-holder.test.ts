import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startProvider } from "../../packages/callgate/src/upstream/credentials/testing/start-provider.ts";
import { Replica } from "./replica.ts";

const folder = mkdtempSync(join(tmpdir(), "callgate-killed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("[C9] a replica that is killed in the midst of a refresh costs the others seconds, and one that lives is waited for", async () => {
  await using provider = await startProvider({ tokenSeconds: 2 });
  const { front } = provider;
  const seed = join(folder, "seed");
  writeFileSync(seed, await provider.consent(), { mode: 0o600 });
  const start = (): Promise<Replica> =>
    Replica.start({ STORE: "", FOLDER: join(folder, "store"), ISSUER: provider.url, SEED: seed });
  await using first = await start();
  await using second = await start();
  await expect.poll(() => second.successes).toBeGreaterThan(0);
  // So that it is the first that refreshes.
  second.pause();
  // It will not be answered while this test lasts.
  front.slowMs = 120_000;
  front.faults.push("slow");
  await expect.poll(() => front.refreshing).toBe(1);
  const asked = front.asked.get("refresh_token");
  const { errors } = second;
  second.resume();
  // By its deadline it has waited for as long as a lease lasts that nobody prolongs.
  await expect.poll(() => second.errors).toBeGreaterThan(errors);
  expect(front.asked.get("refresh_token")).toBe(asked);
  const { successes } = second;
  await first.kill();
  const killed = performance.now();
  await expect.poll(() => second.successes, { interval: 100 }).toBeGreaterThan(successes);
  // Five seconds of the lease, and what a loaded machine takes for the rest.
  expect(performance.now() - killed).toBeLessThan(12_000);
});
