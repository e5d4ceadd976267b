import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { modernHeaders, modernMessage, type Received, send, sendModern } from "./testing/modern-request.ts";
import { RawConnection, rawPost } from "./testing/raw-connection.ts";
import { type RunningEcho, startEcho, until } from "./testing/start-echo.ts";

let echo: RunningEcho;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.stop());

const call = modernMessage("tools/call", { name: "echo", arguments: { text: "a", list: [1, { b: null }] } });
const bytes = Buffer.from(JSON.stringify(call));

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly insert: Uint8Array;
}

const fragments = ["{", "}", "[", "]", '"', ",", ":", "\\", "\u0000", "null", "1e999", '"id":2,', "\\ud800", "\n", "-"];
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(bytes.length),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(40) }),
  insert: fc.oneof(
    fc.constantFrom(...fragments).map((text) => new TextEncoder().encode(text)),
    fc.uint8Array({ maxLength: 4 }),
  ),
});

function mutate(original: Buffer, { at, cut, insert }: Mutation): Buffer {
  return Buffer.concat([original.subarray(0, at), insert, original.subarray(at + cut)]);
}

/** Every answer is one of the protocol's: a result, or an error that names its kind, on a status that fits. */
function isProper({ status, json }: Received): boolean {
  if (json.result !== undefined) return status === 200 && json["jsonrpc"] === "2.0";
  if (json.error === undefined) return status === 202;
  return Number.isInteger(json.error.code) && json.error.message.length > 0 && status >= 200 && status < 500;
}

it("answers a thousand mutated bodies properly and lives on", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const body = mutations.reduce(mutate, bytes);
      const answer = await send(echo.url, { body, headers: modernHeaders(call) });
      expect([isProper(answer), answer.status, answer.text]).toEqual([true, answer.status, answer.text]);
    }),
    { numRuns: 1_000 },
  );
  expect((await sendModern(echo.url, call)).status).toBe(200);
}, 60_000);

it("answers any JSON properly, whatever stands where", async () => {
  const member = fc.constantFrom("jsonrpc", "id", "method", "params", "result", "error");
  const anything = fc.dictionary(member, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(anything, fc.boolean(), async (parts, keepCall) => {
      const message = keepCall ? { ...call, ...parts } : parts;
      const answer = await send(echo.url, { body: JSON.stringify(message), headers: modernHeaders(call) });
      expect(isProper(answer)).toBe(true);
    }),
    { numRuns: 300 },
  );
}, 60_000);

it("survives mutated bytes of whole requests", async () => {
  const whole = Buffer.from(rawPost(modernHeaders(call), JSON.stringify(call)));
  const anywhere = fc.record({ at: fc.nat(whole.length), cut: fc.nat(8), insert: fc.uint8Array({ maxLength: 4 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(anywhere, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const raw = new RawConnection(echo.port);
      raw.write(mutations.reduce(mutate, whole));
      // Half a request may wait for its rest: ending our side makes the server decide.
      raw.socket.end();
      await until(() => raw.closed);
      expect(raw.statuses.every((status) => status < 500)).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect((await sendModern(echo.url, call)).status).toBe(200);
}, 60_000);
