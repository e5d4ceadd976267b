import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import { type Run, workshop } from "../testing/workshop.ts";

/** Answers with what reached it; what goes to `/hangs` is never answered. */
const upstream = createServer((request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => (body += part.toString()));
  request.on("end", () => {
    if (request.url !== "/hangs") response.end(JSON.stringify({ body, traceparent: request.headers["traceparent"] }));
  });
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((listening) => upstream.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

let gate: TestGate;
afterEach(() => gate.close());

/** What the backend got and what the record says was sent, of a tool that makes this one request. */
async function send(request: (given: typeof fetch) => Promise<Response>): Promise<{ got: string; sent: unknown }> {
  const run: Run = async (_input, ctx) => (await request(ctx.fetch)).text();
  gate = await openTestGate([workshop(run)], { config: { audit: { maskFields: ["passport_no"] } } });
  const reply = await gate.call("do_work");
  const { records } = await searchWhole(gate.gate.store.audit, { limit: 1 });
  return { got: reply.texts[0] ?? "", sent: JSON.parse(records[0]?.sent ?? "null") };
}

const passport = { name: "Ann", passport_no: "C01X00T47" };
const masked = { name: "Ann", passport_no: "[masked]" };

describe("what a tool sends by ctx.fetch", () => {
  it("[O1] is on record as it went out, and carries the call's trace", async () => {
    const { got, sent } = await send((given) => given(`${address}/a`, { method: "POST", body: "plain" }));
    expect(sent).toEqual([{ method: "POST", url: `${address}/a`, body: "plain" }]);
    expect(JSON.parse(got)).toMatchObject({ body: "plain", traceparent: expect.stringMatching(/^00-/) });
  });

  const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(passport) };
  it.each<[string, (given: typeof fetch) => Promise<Response>]>([
    ["text", (given) => given(address, json)],
    ["a form", (given) => given(address, { method: "POST", body: new URLSearchParams(passport) })],
    ["a request's own JSON", (given) => given(new Request(address, json))],
    [
      "a request's own form",
      (given) => given(new Request(address, { method: "POST", body: new URLSearchParams(passport) })),
    ],
  ])("[O1] is masked by the names of its fields where the body is %s", async (_what, request) => {
    const { got, sent } = await send(request);
    expect(sent).toMatchObject([{ body: masked }]);
    expect(got).toContain("C01X00T47");
  });

  it("[O1] is masked by the names of its fields in the address too, each as often as it is given", async () => {
    const { sent } = await send((given) => given(`${address}/a?room=1&room=2&passport_no=C01X00T47#C01X00T47`));
    expect(sent).toEqual([
      { method: "GET", url: `${address}/a`, query: { room: ["1", "2"], passport_no: "[masked]" } },
    ]);
  });

  it("[O1] is masked before it is cut, however long it is", async () => {
    const people = Array.from({ length: 300 }, () => passport);
    const body = JSON.stringify({ people });
    const { sent } = await send((given) => given(address, { method: "POST", body }));
    expect(sent).toMatchObject({ truncated: true });
    expect(JSON.stringify(sent)).not.toContain("C01X00T47");
  });

  it("[O1] is named where it is no text, and not read", async () => {
    const { got, sent } = await send((given) =>
      given(address, { method: "POST", body: new Blob(["bytes"]).stream(), duplex: "half" }),
    );
    expect(sent).toMatchObject([{ body: "[not text]" }]);
    expect(got).toContain("bytes");
  });
});

describe("a request of ctx.fetch", () => {
  it.each<[string, (given: typeof fetch, init: RequestInit) => Promise<Response>]>([
    ["within the request", (given, init) => given(new Request(`${address}/hangs`, init))],
    ["beside it", (given, init) => given(`${address}/hangs`, init)],
  ])("[L2] ends by its own signal, given %s", async (_where, request) => {
    const leaving = new AbortController();
    const { got } = await send((given) => {
      const sending = request(given, { signal: leaving.signal });
      leaving.abort(new Error("changed my mind"));
      return sending.catch((error: Error) => new Response(error.message));
    });
    expect(got).toBe("changed my mind");
  });
});
