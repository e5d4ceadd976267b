import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { defineDomain } from "../define/domain.ts";
import type { Exchange } from "../wire/exchange.ts";
import { openTestGate, type TestGate } from "./testing/open-test-gate.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const things = defineDomain("things", about);
things.read("get_thing", {
  description: "Gets the one thing that there is to be got.",
  scope: "things:read",
  input: z.object({}),
  run: () => "a thing",
});
const salaries = defineDomain("salaries", about);
salaries.read("get_salary", {
  description: "Gets what the desk knows of a salary, for whoever may know it.",
  scope: "salaries:read",
  input: z.object({}),
  run: (_input, { domainCredential }) => domainCredential ?? "none",
});

let gate: TestGate;
beforeAll(async () => {
  gate = await openTestGate([things, salaries]);
});
afterAll(() => gate.close());

const wanted = {
  toolsListChanged: true,
  promptsListChanged: false,
  resourcesListChanged: false,
  resourceSubscriptions: [],
};

/** Everything that can be asked for at an endpoint, and what comes of it. */
async function answersAt(endpoint: string): Promise<string> {
  const clerk = gate.as("clerk:cora");
  const { host } = gate.gate;
  const exchange = (method: string, params = {}): Exchange => clerk.exchange(method, params, { endpoint });
  const answers: unknown[] = [
    await host.identify(exchange("initialize")),
    await host.listen(exchange("subscriptions/listen"), wanted, { emit: () => {}, end: () => {} }),
  ];
  for (const method of host.methods) {
    if (method !== "subscriptions/listen") answers.push(await host.handle(exchange(method, { name: "get_salary" })));
  }
  return JSON.stringify(answers);
}

test("[C2] an endpoint of which a caller sees nothing answers as one that is not there (SECURITY 1)", async () => {
  const hidden = await answersAt("salaries");
  expect(hidden).toBe(await answersAt("nothing-like-it"));
  expect(hidden).toContain("There is no such endpoint.");
  expect((await gate.as("clerk:cora").call("get_salary", {}, { endpoint: "salaries" })).answer).toMatchObject({
    httpStatus: 404,
    data: { code: "unknown_endpoint" },
  });
});

test("[C2] nor does anybody learn more without a credential, or with a wrong one", async () => {
  for (const credential of [undefined, "wrong"]) {
    const at = async (endpoint: string): Promise<unknown> =>
      (await gate.as(credential).request("tools/list", {}, { endpoint })).answer;
    expect(await at("salaries")).toEqual(await at("nothing-like-it"));
    expect(await at("salaries")).toMatchObject({ httpStatus: 401 });
  }
});

test("[C2] an endpoint of which a caller sees something answers", async () => {
  expect([...(await gate.as("clerk:cora").tools("things")).keys()]).toEqual(["get_thing"]);
  expect([...(await gate.as("ann").tools("salaries")).keys()]).toEqual(["get_salary"]);
});

test("[C8] a credential for a domain that a caller does not see is refused as one for a domain that is not there", async () => {
  const riding = (domain: string): Promise<unknown> =>
    gate
      .as(`clerk:cora::${domain}=x`)
      .request("tools/list", {})
      .then(({ answer }) => answer);
  expect(await riding("salaries")).toEqual(await riding("nothing-like-it"));
  expect(await riding("salaries")).toMatchObject({ httpStatus: 400, data: { code: "domain_credential_unclear" } });
  expect((await gate.as("ann::salaries=mine").call("get_salary")).texts).toEqual(["mine"]);
});
