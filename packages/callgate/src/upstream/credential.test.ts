import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openTestGate } from "../gate/testing/open-test-gate.ts";
import type { UpstreamCredential } from "./credential.ts";
import { serveModern } from "./testing/serve-http.ts";
import { upstream } from "./upstream.ts";

it("[C9] a credential is opened once until it is closed, also where a gate looks at its server first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "callgate-credential-"));
  const server = await serveModern();
  const told: string[] = [];
  const credential: UpstreamCredential = {
    open: () => void told.push("open"),
    headers: () => ({}),
    refused: () => false,
    close: () => void told.push("close"),
  };
  const lockFile = join(folder, "callgate.lock.json");
  const gate = await openTestGate([upstream("crm", { url: server.url, lockFile, credential })]);
  await gate.close();
  await server.close();
  rmSync(folder, { recursive: true });
  expect(told).toEqual(["open", "close", "open", "close"]);
});
