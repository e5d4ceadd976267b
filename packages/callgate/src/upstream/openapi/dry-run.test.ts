import { expect, it } from "vitest";
import type { AnyDomain } from "../../define/domain.ts";
import { openTestGate } from "../../gate/testing/open-test-gate.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { openapi } from "./openapi.ts";
import { write } from "./operation-options.ts";
import { PetApi, sendJson } from "./testing/pet-api.ts";

function clinic(baseUrl: string, body: JsonObject): AnyDomain {
  const close = { operationId: "closeClinic", summary: "Close the clinic for a while", responses: {}, ...body };
  return openapi("clinic", {
    owner: "team-pets",
    purpose: "The doors of a clinic.",
    concern: "No pet stands before a closed door.",
    document: { openapi: "3.1.0", info: { title: "clinic", version: "1" }, paths: { "/close": { post: close } } },
    baseUrl,
    serve: { closeClinic: write({ dryRun: { body: { validate_only: true } } }) },
  });
}

it("[G6] a dry run that is asked for in the body is so where the caller gives none", async () => {
  await using api = await PetApi.start();
  api.answer = (_, response) => sendJson(response, 200, {});
  const schema = { type: "object", properties: { reason_why: { type: "string" } } };
  const body = { requestBody: { required: false, content: { "application/json": { schema } } } };
  const gate = await openTestGate([clinic(api.url, body)]);
  try {
    await gate.call("close_clinic", { dry_run: true });
    await gate.call("close_clinic", { reason_why: "snow", dry_run: true });
    expect(api.received.map((each) => (each.body === "" ? "" : (JSON.parse(each.body) as unknown)))).toEqual([
      { validate_only: true },
      { reason_why: "snow", validate_only: true },
    ]);
  } finally {
    await gate.close();
  }
});

it("[G6] a dry run that nothing would say to the API is refused", () => {
  expect(() => clinic("https://clinic.example", {})).toThrow("it takes no body");
});
