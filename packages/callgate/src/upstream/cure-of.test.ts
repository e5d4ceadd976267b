import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { env } from "../define/secret.ts";
import { openTestGate } from "../gate/testing/open-test-gate.ts";
import { bearer } from "./credentials/bearer.ts";
import { upstream } from "./upstream.ts";
import type { NetworkAddress, ProgramAddress } from "./upstream-options.ts";

let folder: string;
const server = createServer((request, response) => {
  response.writeHead(request.url === "/locked" ? 401 : 404).end();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-cure-"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  server.closeAllConnections();
  server.close();
});

type At = (url: string) => ProgramAddress | NetworkAddress;

it.each<readonly [string, At, string]>([
  ["wants a credential", (url) => ({ url: `${url}/locked` }), 'credential: bearer(env("TOKEN"))'],
  [
    "is shown one that is not there",
    (url) => ({ url: `${url}/locked`, credential: bearer(env("CALLGATE_NO_SUCH")) }),
    "Mend its credential",
  ],
  ["has another path", (url) => ({ url: `${url}/elsewhere` }), "the path above all"],
  ["is not there", () => ({ url: "http://127.0.0.1:9" }), "Start the server"],
  ["is a program that ends", () => ({ command: process.execPath, args: ["-e", "process.exit(3)"] }), "process.exit(3)"],
  [
    "is no program",
    () => ({ command: "callgate-no-such-program" }),
    "Run it by hand, and read what it says: callgate-no-such-program",
  ],
])("[G3] a server that %s at the first start is told of with what to do, and where it is", async (_what, at, cure) => {
  const address = at(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const gate = await openTestGate([upstream("crm", { ...address, lockFile: join(folder, "callgate.lock.json") })]);
  await gate.close();
  const told = gate.logged.find(({ message }) => message.startsWith("an upstream could not be reached"));
  expect(told?.fields).toMatchObject({
    upstream: "crm",
    at: expect.stringContaining("url" in address ? address.url : address.command),
    next: expect.stringContaining(cure),
  });
});
