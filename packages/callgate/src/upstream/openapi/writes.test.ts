import { describe, expect, it } from "vitest";
import { openTestGate } from "../../gate/testing/open-test-gate.ts";
import type { UpstreamCredential } from "../credential.ts";
import type { OpenApiOptions } from "./openapi.ts";
import { destructive, write } from "./operation-options.ts";
import { sendJson } from "./testing/pet-api.ts";
import { usePets } from "./testing/pets-gate.ts";

const pets = await usePets(openTestGate);
const { api } = pets;

describe("a write of an API", () => {
  it("[G6] that takes a key is sent again under the same one, and only then", async () => {
    const gate = await pets.gate("3-1", { idempotencyHeader: "Idempotency-Key" });
    let tries = 0;
    api.answer = (_, response) => {
      tries += 1;
      sendJson(response, tries === 1 ? 500 : 201, { id: 5, name: "Kim", kind: "dog" });
    };
    expect(
      (await gate.call("create_pet", { name: "Kim", kind: "dog", idempotency_key: "k" })).structured,
    ).toMatchObject({ id: 5 });
    const keys = api.received.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it("[G6] whose outcome is unknown is looked up by an operation that reads", async () => {
    const gate = await pets.gate("3-1", {
      serve: {
        createPet: write({
          lookup: {
            operation: "listPets",
            with: (key) => ({ after: key }),
            found: (body) => (body as { data: object[] }).data[0],
          },
        }),
      },
    });
    api.answer = ({ method }, response) =>
      method === "POST"
        ? sendJson(response, 500, {})
        : sendJson(response, 200, { data: [{ id: 8, name: "Kim", kind: "dog", ssn: 1 }] });
    const reply = await gate.call("create_pet", { name: "Kim", kind: "dog", idempotency_key: "k" });
    expect(reply.structured).toEqual({ id: 8, name: "Kim", kind: "dog" });
    expect(api.last.url).toMatch(/^\/v1\/pets\?after=[0-9a-f]{64}$/);
  });

  it("[G6] is previewed by the API itself where it can, without a second request being made of it", async () => {
    const gate = await pets.gate("3-1", {
      serve: {
        createPet: write({
          dryRun: { query: { validate_only: "true" }, show: (body) => ({ name: (body as { name: string }).name }) },
        }),
      },
    });
    api.answer = ({ url }, response) =>
      sendJson(response, url.includes("validate_only") ? 200 : 201, { id: 0, name: "Kim", kind: "dog" });
    const preview = await gate.call("create_pet", { name: "Kim", kind: "dog", dry_run: true });
    expect(preview.structured?.["preview"]).toMatchObject({ would: { name: "Kim" } });
    expect(api.received.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /v1/pets?validate_only=true"]);
  });

  it("[G6] has a credential of its own, which what looks does not have", async () => {
    const holding = (name: string): UpstreamCredential => ({
      headers: () => ({ "x-api-key": name }),
      refused: () => false,
    });
    const gate = await pets.gate("3-1", { credential: { read: holding("may-look"), write: holding("may-write") } });
    await gate.call("get_pet", { id: 1 });
    expect(api.last.headers["x-api-key"]).toBe("may-look");
    await gate.call("update_pet", { petId: 1, name: "Mia" });
    expect(api.last.headers["x-api-key"]).toBe("may-write");
  });

  it("[G6] goes again with the credential that came in the place of one that is refused, and only then", async () => {
    let current = "old-credential";
    const credential: UpstreamCredential = {
      headers: () => ({ "x-api-key": current }),
      refused: (_, headers) => {
        current = "new-credential";
        return headers["x-api-key"] !== current;
      },
    };
    const gate = await pets.gate("3-1", { credential });
    api.answer = ({ headers }, response) =>
      sendJson(response, headers["x-api-key"] === "new-credential" ? 201 : 401, { id: 4, name: "Kim", kind: "dog" });
    expect((await gate.call("create_pet", { name: "Kim", kind: "dog" })).structured).toMatchObject({ id: 4 });
    expect(api.received.map(({ headers }) => headers["x-api-key"])).toEqual(["old-credential", "new-credential"]);
    api.answer = (_, response) => sendJson(response, 401, {});
    expect((await gate.call("create_pet", { name: "Lou", kind: "dog" })).code).toBe("api_credential_refused");
    expect(api.received).toHaveLength(3);
  });

  it("[G6] whose credential cannot be had is not sent, and not called unknown", async () => {
    const credential: UpstreamCredential = {
      headers: () => Promise.reject(new Error("the token endpoint of vault-7 is away")),
      refused: () => false,
    };
    const gate = await pets.gate("3-1", { credential });
    const reply = await gate.call("create_pet", { name: "Kim", kind: "dog", idempotency_key: "k" });
    expect(reply.error).toMatchObject({
      code: "api_credential_refused",
      category: "infrastructure",
      retry: "same_key",
    });
    expect(JSON.stringify(reply)).not.toContain("vault-7");
    expect(JSON.stringify(gate.logged)).toContain("vault-7");
    expect(api.received).toEqual([]);
  });

  it("[G6] is switched on after a smoke test that tries it with the read credential", async () => {
    const smoke = {
      checks: [{ call: "get_pet", with: { id: 1 } }],
      refusesWrites: { call: "create_pet", with: { name: "Nobody", kind: "dog" } },
    };
    const domain = pets.domain("3-1", { smoke, health: "health" });
    const { backend, smoke: made } = domain.options;
    const client = await backend?.start({ access: "read", credential: undefined }, undefined as never);
    const { signal } = new AbortController();
    await expect(backend?.health?.(client, signal)).resolves.toBeUndefined();
    api.answer = (_, response) => sendJson(response, 403, {});
    await expect(made?.refusesWrites?.(client, signal)).rejects.toThrow("the API answered 403");
    await expect(backend?.health?.(client, signal)).rejects.toThrow("it answered 403");
    api.answer = (_, response) => sendJson(response, 422, {});
    await expect(made?.refusesWrites?.(client, signal)).rejects.toThrow(TypeError);
    api.answer = (_, response) => sendJson(response, 201, {});
    await expect(made?.refusesWrites?.(client, signal)).resolves.toBeUndefined();
    await backend?.stop?.(client);
  });

  it("[G6] is destructive where the document says DELETE, unless it can be put right", () => {
    const effects = (serve: OpenApiOptions["serve"]) => pets.domain("3-1", { serve }).tools.map(({ effect }) => effect);
    expect(effects({ deletePet: write() })).toEqual(["destructive"]);
    expect(effects({ deletePet: write({ recoverable: true }) })).toEqual(["write"]);
    expect(effects({ updatePet: destructive() })).toEqual(["destructive"]);
    expect(effects({ listPets: write() })).toEqual(["write"]);
  });
});
