import { afterEach, describe, expect, it, vi } from "vitest";
import { env } from "../../define/secret.ts";
import { bearer, headerCredential } from "./bearer.ts";
import { together } from "./together.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const use = { signal: AbortSignal.timeout(20_000) };

describe("fixed credentials", () => {
  it("are sent as they are referred to, and found anew where the server refuses them", async () => {
    vi.stubEnv("CRM_TOKEN", "first-token");
    const credential = together(bearer(env("CRM_TOKEN")), headerCredential("X-Api-Key", env("CRM_TOKEN")));
    const before = { authorization: "Bearer first-token", "x-api-key": "first-token" };
    expect(await credential.headers(use)).toEqual(before);
    expect(await credential.refused(use, before)).toBe(false);
    vi.stubEnv("CRM_TOKEN", "second-token");
    expect(await credential.refused(use, before)).toBe(true);
    expect(await credential.headers(use)).toEqual({
      authorization: "Bearer second-token",
      "x-api-key": "second-token",
    });
  });

  it("[B4] are refused where they stand in the config themselves, and not repeated (SECURITY 8)", () => {
    const literal = "crm-token-as-it-is" as never;
    for (const wrong of [() => bearer(literal), () => headerCredential("x-api-key", literal)]) {
      expect(wrong).toThrow(/given as it is/);
      expect(wrong).not.toThrow(literal);
    }
  });

  it("that would overwrite each other are refused before the request", async () => {
    vi.stubEnv("CRM_TOKEN", "first-token");
    const credential = together(bearer(env("CRM_TOKEN")), bearer(env("CRM_TOKEN")));
    await expect(credential.headers(use)).rejects.toThrow("both send authorization");
  });
});
