import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { type Domain, defineDomain } from "../../define/domain.ts";
import { env, op } from "../../define/secret.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-renew-"));
  // The one script that 1Password's command is here: it gives what the file holds.
  writeFileSync(join(folder, "op"), `#!/bin/sh\nexec cat "${folder}/$(basename "$3")"\n`);
  chmodSync(join(folder, "op"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A domain whose backend is the credential that it was opened with. */
function domainOf(name: string, read: ReturnType<typeof env>, stopped: string[] = []): Domain<string> {
  const domain = defineDomain<string>(name, {
    owner: "team",
    purpose: "To see credentials.",
    concern: "None.",
    backend: {
      credentials: { read },
      start: ({ credential = "" }) => credential,
      health: (credential) => {
        if (credential.startsWith("wrong")) throw new Error(`it says that ${credential} is wrong`);
      },
      stop: (credential) => void stopped.push(credential),
    },
  });
  domain.read(`letters_of_${name}`, {
    description: "Count the letters of the credential that the backend was opened with.",
    input: z.object({ wait: z.boolean().optional() }),
    run: (_, { backend }) => `${backend.length} letters`,
  });
  return domain;
}

it("opens backends anew whose credential has changed, and stops the old ones with the gate at the latest", async () => {
  const stopped: string[] = [];
  writeFileSync(join(folder, "token"), "first-credential");
  await using opened = await openTestGate([domainOf("crm", op("op://desk/crm/token"), stopped)]);
  await opened.gate.renewSecrets();
  expect(stopped).toEqual([]);
  writeFileSync(join(folder, "token"), "the-second-credential");
  await opened.gate.renewSecrets();
  expect(JSON.stringify(await opened.call("letters_of_crm"))).toContain("21 letters");
  expect(opened.logged.map(({ message }) => message)).toContain("a backend was opened with its new credential");
  await opened.close();
  expect(stopped.toSorted()).toEqual(["first-credential", "the-second-credential"]);
});

it("goes on with the old one where the new one does not work or is not there, and logs neither", async () => {
  writeFileSync(join(folder, "token"), "first-credential");
  await using opened = await openTestGate([domainOf("crm", op("op://desk/crm/token"))]);
  writeFileSync(join(folder, "token"), "wrong-credential");
  await opened.gate.renewSecrets();
  expect(JSON.stringify(await opened.call("letters_of_crm"))).toContain("16 letters");
  rmSync(join(folder, "token"));
  await opened.gate.renewSecrets();
  expect(JSON.stringify(await opened.call("letters_of_crm"))).toContain("16 letters");
  const logged = JSON.stringify(opened.logged);
  expect(logged).toContain("it says that [masked] is wrong");
  expect(logged).toContain("stay as they were");
  expect(logged).not.toMatch(/(?:first|wrong)-credential/);
});

it("opens one credential's backend anew where the other one's does not work", async () => {
  const domain = domainOf("crm", op("op://desk/crm/token"));
  const credentials = { read: op("op://desk/crm/token"), write: op("op://desk/crm/writing") };
  Object.assign(domain.options.backend ?? {}, { credentials });
  domain.write("write_letters", {
    description: "Writes down the letters of the credential that the backend was opened with.",
    input: z.object({}),
    plan: () => ({ preview: {} }),
    commit: (_, { backend }) => `${backend.length} letters`,
  });
  writeFileSync(join(folder, "token"), "first-credential");
  writeFileSync(join(folder, "writing"), "first-credential");
  await using opened = await openTestGate([domain]);
  writeFileSync(join(folder, "token"), "wrong-credential");
  writeFileSync(join(folder, "writing"), "the-second-credential");
  await opened.gate.renewSecrets();
  expect(JSON.stringify(await opened.call("letters_of_crm"))).toContain("16 letters");
  expect(JSON.stringify(await opened.call("write_letters"))).toContain("21 letters");
  expect(opened.logged.slice(-2)).toMatchObject([{ fields: { access: "read" } }, { fields: { access: "write" } }]);
});

it("does not take up later what did not open in time, and stops it", async () => {
  const opening = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<string>();
  const domain = domainOf("crm", op("op://desk/crm/token"));
  Object.assign(domain.options.backend ?? {}, {
    start: ({ credential = "" }) => {
      if (credential === "first-credential") return credential;
      begun.resolve();
      return opening.promise;
    },
    stop: stopped.resolve,
  });
  writeFileSync(join(folder, "token"), "first-credential");
  await using opened = await openTestGate([domain]);
  writeFileSync(join(folder, "token"), "the-second-credential");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const renewing = opened.gate.renewSecrets();
  await begun.promise;
  vi.advanceTimersByTime(10_000);
  vi.useRealTimers();
  await renewing;
  expect(opened.logged.at(-1)).toMatchObject({ message: expect.stringContaining("a new credential is not used") });
  opening.resolve("the-second-credential");
  expect(await stopped.promise).toBe("the-second-credential");
  expect(JSON.stringify(await opened.call("letters_of_crm"))).toContain("16 letters");
});

it("names every backend that lacks its credential when it refuses to start", async () => {
  const domains = [domainOf("crm", env("NO_CRM")), domainOf("erp", env("NO_ERP"))];
  await expect(openTestGate(domains)).rejects.toThrow(
    'The backend of domain "crm" did not come up: the environment variable NO_CRM is not set\n' +
      'The backend of domain "erp" did not come up: the environment variable NO_ERP is not set',
  );
});
