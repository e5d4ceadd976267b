import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { connectHttp } from "./connect-http.ts";
import { soon } from "./testing/request-options.ts";
import type { ServedHttp } from "./testing/serve-http.ts";
import { serveScriptedOld } from "./testing/serve-scripted.ts";
import { silentLog } from "./testing/silent-log.ts";

const open: ServedHttp[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

/** More than anything here takes, and less than what bounds an opening. */
const SHORT_MS = 10_000;
const closedOrNot = (closing: Promise<void>) =>
  Promise.race([closing.then(() => "closed"), sleep(SHORT_MS, "still open", { ref: false })]);

it("[G7] a connection closes while its server is stuck at the start of a session", async () => {
  const stuck = Promise.withResolvers<void>();
  const served = await serveScriptedOld(({ method }) => {
    if (method !== "notifications/initialized") return false;
    stuck.resolve();
    return true;
  });
  open.push(served);
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  const asked = connection.health(soon());
  await stuck.promise;
  const closing = closedOrNot(connection.close());
  await expect(asked).rejects.toMatchObject({ fault: { kind: "unreachable", sent: false } });
  expect(await closing).toBe("closed");
});

it("[G7] a connection closes while its credential is got, though that heeds no signal", async () => {
  const asked = Promise.withResolvers<void>();
  const served = await serveScriptedOld(() => false);
  open.push(served);
  const headers = () => {
    asked.resolve();
    return new Promise<Record<string, string>>(() => {});
  };
  const credential = { headers, refused: () => false };
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog, credential });
  const health = connection.health(soon());
  await asked.promise;
  const closing = closedOrNot(connection.close());
  await expect(health).rejects.toMatchObject({ fault: { kind: "unreachable", sent: false } });
  expect(await closing).toBe("closed");
});

it("[G7] a connection closes though its server does not hear that it is left", async () => {
  const served = await serveScriptedOld(({ method }) => method === "DELETE");
  open.push(served);
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  await connection.health(soon());
  const left = once(served.server, "request");
  const closing = closedOrNot(connection.close());
  await left;
  expect(await closing).toBe("closed");
});
