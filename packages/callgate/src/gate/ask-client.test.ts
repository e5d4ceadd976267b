import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { defineDomain } from "../define/domain.ts";
import { inputRequired } from "../define/input-required.ts";
import { bookingDomain } from "./testing/booking-domain.ts";
import { openTestGate, type TestGate, type TestGateOptions } from "./testing/open-test-gate.ts";
import { type Run, workshop } from "./testing/workshop.ts";

let gate: TestGate;
const open = async (domains: Parameters<typeof openTestGate>[0], options?: TestGateOptions): Promise<TestGate> =>
  (gate = await openTestGate(domains, options));
afterEach(() => gate.close());

describe("a tool that asks its client", () => {
  const requests = { name: { method: "elicitation/create" as const, params: { message: "Your name?" } } };
  const asking: Run = (_input, ctx) =>
    ctx.state === undefined
      ? inputRequired({ requests, state: { step: 1 } })
      : JSON.stringify([ctx.state, ctx.inputResponses]);
  const able = { capabilities: { elicitation: {} } };

  async function stateOf(): Promise<string> {
    const asked = await gate.call("do_work", { how: "a" }, able);
    expect(asked.answer).toMatchObject({ resultType: "input_required" });
    expect(asked.result?.["inputRequests"]).toEqual(requests);
    return String(asked.result?.["requestState"]);
  }
  const bringBack = (requestState: string, how = "a", who = "ann") =>
    gate
      .as(who)
      .call("do_work", { how }, { ...able, params: { requestState, inputResponses: { name: { action: "accept" } } } });

  it("[T7] gets the answer and its own state back", async () => {
    await open([workshop(asking)]);
    expect((await bringBack(await stateOf())).texts).toEqual(['[{"step":1},{"name":{"action":"accept"}}]']);
  });

  it("[W3] takes no answer that nobody has asked for, alone or beside one (SECURITY 16)", async () => {
    await open([workshop(asking)]);
    const inputResponses = { name: { action: "accept" }, other: { action: "accept" } };
    const unasked = await gate.call("do_work", { how: "a" }, { ...able, params: { inputResponses } });
    expect(unasked.answer).toMatchObject({ resultType: "input_required" });
    const requestState = String(unasked.result?.["requestState"]);
    const asked = await gate.call("do_work", { how: "a" }, { ...able, params: { requestState, inputResponses } });
    expect(asked.texts).toEqual(['[{"step":1},{"name":{"action":"accept"}}]']);
  });

  it("[W3] is not agreed to in advance: a write does not begin by an answer to its own question (SECURITY 16)", async () => {
    const done: string[] = [];
    const domain = defineDomain("tables", { owner: "o", purpose: "p", concern: "c" });
    const sure = { method: "elicitation/create" as const, params: { message: "Really drop it?" } };
    domain.write("drop_table", {
      description: "Drops a table that nobody needs any more.",
      input: z.object({}),
      plan: (_input, { inputResponses }) =>
        inputResponses["sure"]?.["action"] === "accept" ? { preview: {} } : inputRequired({ requests: { sure } }),
      commit: () => {
        done.push("dropped");
        return {};
      },
    });
    await open([domain]);
    const params = { inputResponses: { sure: { action: "accept", content: {} } } };
    expect((await gate.call("drop_table", {}, { ...able, params })).answer).toMatchObject({
      resultType: "input_required",
    });
    expect((await gate.call("drop_table", {}, { params })).answer).toMatchObject({ code: -32_021 });
    expect(done).toEqual([]);
  });

  it("[T7] of which the client is not capable is refused, saying what it takes", async () => {
    await open([workshop(asking)]);
    expect((await gate.call("do_work")).answer).toMatchObject({
      code: -32_021,
      httpStatus: 400,
      data: { requiredCapabilities: { elicitation: {} } },
    });
  });

  it("[T7] cannot ask by a method that only every object knows (SECURITY 22)", async () => {
    const method = "constructor/evil" as "elicitation/create";
    await open([workshop((_, { canAsk }) => String(canAsk(method) || canAsk("elicitation/create")))]);
    expect((await gate.call("do_work", { how: "a" })).texts).toEqual(["false"]);
  });

  it("[W3] takes no state that was changed, cut, or belongs to another subject or other arguments (SECURITY 15)", async () => {
    await open([workshop(asking)]);
    const state = await stateOf();
    const flipped = `${state.slice(0, 20)}${state[20] === "A" ? "B" : "A"}${state.slice(21)}`;
    const refused = [
      await bringBack(flipped),
      await bringBack(state.slice(0, -4)),
      await bringBack(`${state}=`),
      await bringBack(state, "b"),
      await bringBack(state, "a", "bob"),
    ];
    expect(refused.map(({ code }) => code)).toEqual(Array.from(refused, () => "state_invalid"));
  });

  it("[W3] takes no state after a quarter of an hour", async () => {
    let now = Date.now();
    await open([workshop(asking)], { clock: () => now });
    const state = await stateOf();
    now += 15 * 60_000 + 1;
    expect((await bringBack(state)).code).toBe("state_invalid");
  });

  it("[W3] takes its state after a restart, unless the tool asks for something else by now (SECURITY 15)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "callgate-ask-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await open([workshop(asking)], { folder });
    const state = await stateOf();
    await gate.close();
    await open([workshop(asking)], { folder });
    expect((await bringBack(state)).texts).toEqual(['[{"step":1},{"name":{"action":"accept"}}]']);
    await gate.close();
    await open([workshop(asking, { input: z.object({ how: z.enum(["a", "b"]).default("a") }) as never })], { folder });
    expect((await bringBack(state)).code).toBe("state_invalid");
  });

  it("[W2] before it writes writes once, however often its state comes back (SECURITY 15)", async () => {
    let now = Date.now();
    const bookings = bookingDomain({
      plan: ({ guest }, ctx) =>
        ctx.state === undefined
          ? inputRequired({ requests, state: 1 })
          : { preview: { action: "book", guest, price: 1 }, guest, quoteId: "q" },
    });
    await open([bookings.domain], { clock: () => now });
    const asked = await gate.call("create_booking", { guest: "Ann" }, able);
    const params = { requestState: String(asked.result?.["requestState"]) };
    const first = await gate.call("create_booking", { guest: "Ann" }, { ...able, params });
    now += 5 * 60_000;
    const again = await gate.call("create_booking", { guest: "Ann" }, { ...able, params });
    expect(first.structured).toEqual({ id: "b1", guest: "Ann" });
    expect(again.structured).toEqual(first.structured);
    expect(again.meta["io.callgate/replayed"]).toBe(true);
    expect(bookings.effects).toHaveLength(1);
    const other = { guest: "Ann", idempotency_key: "another" };
    expect((await gate.call("create_booking", other, { ...able, params })).code).toBe("state_invalid");
  });
});
