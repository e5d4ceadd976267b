import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as passed } from "node:timers/promises";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Gate } from "../gate/open/create-gate.ts";
import { BootError } from "../gate/served/served-domain.ts";
import { type BookingDomain, bookingDomain } from "../gate/testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { workshop } from "../gate/testing/workshop.ts";
import { approvalsDomain } from "../operations/approvals.ts";
import { serveHttp } from "./serve-http.ts";
import { serveStdio } from "./serve-stdio.ts";
import { beginSession } from "./testing/bridged-echo.ts";
import { modernHeaders, modernMessage, send } from "./testing/modern-request.ts";
import { RawConnection, rawPost } from "./testing/raw-connection.ts";
import { until } from "./testing/start-echo.ts";

const COMMIT_MS = 300;
const authorization = "Bearer ann";
const asked = { name: "create_booking", arguments: { guest: "Ada", idempotency_key: "once" } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-serve-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A gate over the folder whose bookings take their time. */
async function openSlow(): Promise<{
  gate: Gate;
  opened: TestGate;
  booking: BookingDomain;
  committing: () => boolean;
}> {
  let committing = false;
  const booking = bookingDomain({
    commit: async (plan, ctx) => {
      committing = true;
      await passed(COMMIT_MS);
      return booking.book(plan, ctx);
    },
  });
  const opened = await openTestGate([booking.domain], { folder });
  return { gate: opened.gate, opened, booking, committing: () => committing };
}

/** A port on which somebody else listens. */
async function portTaken(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** Asks for the booking over a bare connection, and goes away as soon as `committing`. */
async function askAndLeave(port: number, request: string, committing: () => boolean): Promise<void> {
  const client = new RawConnection(port);
  client.write(request);
  await until(committing);
  client.socket.destroy();
  await client.untilClosed();
}

/** Each serves a gate, lets a client begin a write and go away, and closes. */
const clients: Record<string, (gate: Gate, committing: () => boolean) => Promise<void>> = {
  "HTTP, 2026": async (gate, committing) => {
    const served = await serveHttp(gate, { port: 0 });
    const message = modernMessage("tools/call", asked);
    await askAndLeave(
      served.port,
      rawPost(modernHeaders(message, { authorization }), JSON.stringify(message)),
      committing,
    );
    await served.close();
  },
  "HTTP, 2025": async (gate, committing) => {
    const served = await serveHttp(gate, { port: 0 });
    const headers = await beginSession(`${served.url}/mcp`, { authorization });
    const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: asked };
    await askAndLeave(served.port, rawPost(headers, JSON.stringify(message)), committing);
    await served.close();
  },
  "stdio whose reader is gone": async (gate, committing) => {
    const own = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), ppid: 1 };
    const served = serveStdio(gate, { key: "ann", process: own });
    own.stdin.write(`${JSON.stringify(modernMessage("tools/call", asked))}\n`);
    await until(committing);
    own.stdout.destroy(new Error("the reader is gone"));
    await served.ended;
  },
};

it("shows the keys by which what the gate signs is verified, to anybody, under any name of the gate", async () => {
  const { gate } = await openTestGate([bookingDomain().domain], { folder });
  const served = await serveHttp(gate, { port: 0 });
  const response = await fetch(`${served.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as JSONWebKeySet;
  const jwt = await gate.statements.sign({ sub: "person:ann" }, { audience: "crm", seconds: 60 });
  const { payload } = await jwtVerify(jwt, createLocalJWKSet({ keys }), { audience: "crm" });
  expect(payload).toMatchObject({ sub: "person:ann", iss: "urn:callgate:test" });
  expect(response.headers.get("cache-control")).toBe("public, max-age=60");
  await served.close();
});

describe("an address that cannot be had", () => {
  afterEach(() => void vi.useRealTimers());

  it("leaves nothing behind: nobody asks the backends of a gate that is not served", async () => {
    let asked = 0;
    const backend = { start: () => undefined, health: () => void asked++ };
    const { gate } = await openTestGate([workshop(() => ({}), {}, { backend })], { folder });
    await using taken = await portTaken();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const refused = await serveHttp(gate, { port: taken.port }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BootError);
    expect(String(refused)).toMatch(/Port \d+ of 127\.0\.0\.1 is in use, perhaps by another gate\..* PORT=\d+;/);
    asked = 0;
    vi.advanceTimersByTime(60_000);
    await gate.problems();
    expect(asked).toBe(1);
    await gate.close();
  });
});

describe("a gate that closes while a write runs whose client has gone", () => {
  it.each(Object.entries(clients))("stores its outcome first: %s (B6)", async (_client, serve) => {
    const { gate, booking, committing } = await openSlow();
    await serve(gate, committing);
    expect(booking.effects).toHaveLength(1);
    const again = await openSlow();
    const reply = await again.opened.call(asked.name, asked.arguments);
    expect(reply.structured).toMatchObject({ id: "b1", guest: "Ada" });
    expect([again.booking.effects.length, reply.meta]).toEqual([
      0,
      expect.objectContaining({ "io.callgate/replayed": true }),
    ]);
    await again.gate.close();
  });
});

describe("a gate that is told to stop", () => {
  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());
  const asked = modernMessage("tools/list");
  // Without an agent a client says itself that it closes its connection.
  const ask = (url: string) =>
    send(`${url}/mcp`, { headers: modernHeaders(asked, { authorization }), body: JSON.stringify(asked) }, agent);
  const ready = (url: string) => send(`${url}/ready`, { method: "GET" });

  it("goes on taking calls where somebody asks whether it is ready, until they know, and sends clients elsewhere (B6)", async () => {
    const { gate } = await openTestGate([workshop(() => ({}))], {
      folder,
      config: { server: { drainDelayMs: 1_000 } },
    });
    const served = await serveHttp(gate, { port: 0 });
    const { url } = served;
    expect((await ready(url)).json).toEqual({ ready: true });
    expect((await ask(url)).headers["connection"]).not.toBe("close");
    const closing = served.close();
    const told = await ready(url);
    expect([told.status, told.json]).toEqual([503, { ready: false, draining: true }]);
    const answer = await ask(url);
    expect([answer.status, answer.headers["connection"]]).toEqual([200, "close"]);
    await closing;
    await expect(ask(url)).rejects.toThrow("ECONNREFUSED");
  });

  it("is not ready, and takes no writes, once the files of its store are gone", async () => {
    const bookings = bookingDomain();
    const opened = await openTestGate([bookings.domain], {
      folder,
      domainsOf: (insides) => [approvalsDomain(insides)],
    });
    const served = await serveHttp(opened.gate, { port: 0 });
    expect((await ready(served.url)).json).toEqual({ ready: true });
    await rm(join(folder, "gate.db"));
    expect((await opened.call("create_booking", { guest: "Ada", idempotency_key: "k" })).code).toBe("system_error");
    expect(bookings.effects).toEqual([]);
    await expect
      .poll(async () => (await ready(served.url)).json, { timeout: 20_000 })
      .toEqual({ ready: false, down: ["approvals"] });
    await served.close();
  });

  it("waits for nobody where nobody asks", async () => {
    const { gate } = await openTestGate([workshop(() => ({}))], {
      folder,
      config: { server: { drainDelayMs: 3_600_000 } },
    });
    const served = await serveHttp(gate, { port: 0 });
    const { url } = served;
    expect((await ask(url)).status).toBe(200);
    await served.close();
    await expect(ask(url)).rejects.toThrow("ECONNREFUSED");
  });
});
