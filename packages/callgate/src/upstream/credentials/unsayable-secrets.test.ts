import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMasker } from "../../audit/mask.ts";
import { env } from "../../define/secret.ts";
import { bearer, headerCredential } from "./bearer.ts";
import { openTestHost, type TestHost } from "./testing/test-host.ts";
import { TokenError } from "./token-errors.ts";

let hosted: TestHost;
beforeEach(async () => {
  hosted = await openTestHost({ clock: Date.now });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hosted[Symbol.asyncDispose]();
});

it.each([
  ["that ends with a line end", "crm-token-0123\n", "ends with a line end"],
  ["that ends with one of Windows", "crm-token-0123\r\n", "ends with a line end"],
  ["of two lines", "crm-token\n0123", "that no header carries"],
  ["with spaces around it", " crm-token-0123 ", "that no header carries"],
  ["in letters beyond a header's", "crm-token-0123-\u20ac", "that no header carries"],
])("[B4] a secret %s is refused when it is opened, by its name alone", async (_, secret, words) => {
  vi.stubEnv("CRM_TOKEN", secret);
  for (const credential of [bearer(env("CRM_TOKEN")), headerCredential("x-api-key", env("CRM_TOKEN"))]) {
    const error: unknown = await Promise.resolve(credential.open?.(hosted.host)).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(`the environment variable CRM_TOKEN`);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain("0123");
  }
});

it("[B4] one that becomes such is not sent either", async () => {
  vi.stubEnv("CRM_TOKEN", "crm-token-0123");
  const credential = bearer(env("CRM_TOKEN"));
  await credential.open?.(hosted.host);
  vi.stubEnv("CRM_TOKEN", "crm-token-4567\n");
  const use = { signal: new AbortController().signal };
  await expect(async () => credential.refused(use, { authorization: "Bearer crm-token-0123" })).rejects.toThrow(
    "ends with a line end",
  );
});

it("[O1] why no token comes is read in the log, which masks what looks like one", () => {
  const masker = createMasker({ fields: [], patterns: [] });
  for (const error of [
    TokenError.refused("login.example.com", "invalid_client", "ask for it by its issuer"),
    TokenError.unavailable("login.example.com", "access_denied"),
  ])
    expect(masker.text(error.message)).toBe(error.message);
});
