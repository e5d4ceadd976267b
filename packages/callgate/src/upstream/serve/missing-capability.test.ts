import { expect, it } from "vitest";
import { UpstreamError } from "../upstream-error.ts";
import { toMissingCapability } from "./missing-capability.ts";

const refusal = (code: number, data: unknown): UpstreamError =>
  new UpstreamError({ kind: "refused", code, words: "", data }, "it says no");
const needs = (...capabilities: readonly string[]): UpstreamError =>
  refusal(-32021, { requiredCapabilities: Object.fromEntries(capabilities.map((name) => [name, {}])) });

it("[G7] a server that needs what the client cannot do becomes a question that the client cannot be asked", () => {
  const asked = toMissingCapability(needs("sampling", "elicitation"), (method) => method === "elicitation/create");
  expect(Object.values(asked?.requests ?? {}).map(({ method }) => method)).toEqual(["sampling/createMessage"]);
});

it.each([
  ["needs what the client can do", needs("elicitation")],
  ["needs what is no capability of asking", needs("experimental")],
  ["does not say what it needs", refusal(-32021, undefined)],
  ["refuses for another reason", refusal(-32602, { requiredCapabilities: { sampling: {} } })],
  ["is away", new UpstreamError({ kind: "timeout" }, "late")],
])("[G7] a server that %s is answered for like any other", (_what, error) => {
  expect(toMissingCapability(error, (method) => method === "elicitation/create")).toBeUndefined();
});
