import { expect, test } from "vitest";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import type { SubscriptionFilter } from "../wire/exchange.ts";
import { openTestGate } from "./testing/open-test-gate.ts";
import { workshop } from "./testing/workshop.ts";

const wanted: SubscriptionFilter = {
  toolsListChanged: true,
  promptsListChanged: false,
  resourcesListChanged: false,
  resourceSubscriptions: [],
};
const tooOften = {
  kind: "error",
  httpStatus: 429,
  httpHeaders: { "retry-after": "30" },
  data: { code: "rate_limited", retry: { afterMs: 30_000 } },
};

test("[G3] lists and subscriptions have the gate's rate together, and refusals leave no row each (SECURITY 34)", async () => {
  await using test = await openTestGate([workshop(() => "done")], {
    config: { limits: { rate: "2/min" } },
    clock: () => 1_000_000,
  });
  const { host, store } = test.gate;
  const ann = test.as("ann");
  const listen = (): ReturnType<typeof host.listen> =>
    host.listen(ann.exchange("subscriptions/listen", {}), wanted, { emit: () => {}, end: () => {} });
  expect((await ann.request("tools/list", {})).code).toBeUndefined();
  expect(await listen()).toMatchObject({ caller: "person:ann" });
  for (const method of ["tools/list", "prompts/list", "resources/list"]) {
    expect((await ann.request(method, {})).answer).toMatchObject(tooOften);
  }
  expect(await listen()).toMatchObject(tooOften);
  // Everybody has a rate of their own, and so has every tool.
  expect((await test.as("bob").request("tools/list", {})).code).toBeUndefined();
  expect((await ann.call("do_work")).code).toBeUndefined();
  const { records } = await searchWhole(store.audit, { limit: 100, subject: "person:ann" });
  expect(records.filter(({ outcome }) => outcome === "ok")).toHaveLength(3);
});

test("[G3] lists and subscriptions are refused while the gate has all the calls that it takes", async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const work = (): Promise<void> => {
    begin();
    return release;
  };
  await using test = await openTestGate([workshop(work)], { config: { limits: { inFlight: 1 } } });
  const ann = test.as("ann");
  const running = ann.call("do_work");
  await begun;
  expect((await ann.request("tools/list", {})).answer).toMatchObject({ httpStatus: 503, data: { code: "overloaded" } });
  resolve();
  await running;
  // A list gives its place back.
  expect((await ann.request("tools/list", {})).code).toBeUndefined();
  expect((await ann.request("tools/list", {})).code).toBeUndefined();
});
