import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMasker } from "../audit/mask.ts";
import { doppler, env, op, optional } from "../define/secret.ts";
import { loadSecrets } from "./load-secrets.ts";
import { resolveSecret } from "./resolve-secret.ts";
import { SecretKeeper } from "./testing/secret-keeper.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-load-"));
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  vi.stubEnv("DOPPLER_TOKEN", "dp.st.the-gates-own");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function installOp(script: string): void {
  writeFileSync(join(folder, "op"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "op"), 0o755);
}

it("asks for all at once: each is answered when all have asked", async () => {
  let arrived = 0;
  const all = Promise.withResolvers<void>();
  await using keeper = await SecretKeeper.start(({ query }) => {
    arrived += 1;
    if (arrived === 20) all.resolve();
    return { status: 200, body: { value: { computed: `value-of-${query.get("name")}` } } };
  });
  vi.stubEnv("DOPPLER_API_HOST", keeper.url);
  const references = Array.from({ length: 20 }, (_, index) => doppler(`AT_ONCE_${index}`));
  await loadSecrets([...references, ...references]);
  await all.promise;
  expect(keeper.asked).toHaveLength(20);
  expect(references.map(resolveSecret)).toEqual(references.map(({ name }) => `value-of-${name}`));
});

it("names each that could not be had, and why, in one deadline for all", async () => {
  await using keeper = await SecretKeeper.start(({ query }) =>
    query.get("name") === "SLOW" ? "hang" : { status: 403, body: {} },
  );
  vi.stubEnv("DOPPLER_API_HOST", keeper.url);
  installOp("exec sleep 30");
  const wanted = [doppler("SLOW"), doppler("FORBIDDEN"), op("op://a/b/c"), env("NO_SUCH"), optional(env("NOT_NEEDED"))];
  await expect(loadSecrets(wanted, { withinMs: 400 })).rejects.toThrow(
    [
      "4 secrets cannot be had:",
      `- the secret doppler:SLOW cannot be had: ${new URL(keeper.url).host} did not answer in time`,
      "- the secret doppler:FORBIDDEN cannot be had: DOPPLER_TOKEN may not read it (403)",
      "- the secret op://a/b/c cannot be had: the op command did not answer in time",
      "- the environment variable NO_SUCH is not set",
    ].join("\n"),
  );
});

it("is asked again only when it is to be, and what fails then stays as it was", async () => {
  installOp(`cat ${join(folder, "value")}`);
  writeFileSync(join(folder, "value"), "first-value");
  const token = op("op://rotating/item/field");
  await loadSecrets([token]);
  writeFileSync(join(folder, "value"), "second-value");
  await loadSecrets([token]);
  expect(resolveSecret(token)).toBe("first-value");
  await loadSecrets([token], { anew: true });
  expect(resolveSecret(token)).toBe("second-value");
  rmSync(join(folder, "value"));
  await expect(loadSecrets([token], { anew: true })).rejects.toThrow(/op ended with 1/);
  expect(resolveSecret(token)).toBe("second-value");
});

it("is refused where it is what every manual says (SECURITY 8)", async () => {
  vi.stubEnv("DEFAULT_TOKEN", "ChangeMe");
  await expect(loadSecrets([env("DEFAULT_TOKEN")])).rejects.toThrow(
    "the environment variable DEFAULT_TOKEN is a default that everybody knows: put a secret there",
  );
  installOp("printf password");
  await expect(loadSecrets([op("op://default/item/field")])).rejects.toThrow(/a default that everybody knows/);
});

it("is masked from then on wherever it stands in what is recorded, whatever it looks like (SECURITY 5, 30)", async () => {
  const secret = 'plain words "with quotes" & more';
  writeFileSync(join(folder, "value"), secret);
  installOp(`cat ${join(folder, "value")}`);
  const masker = createMasker({ fields: [], patterns: [] });
  expect(masker.text(`the backend said: ${secret}`)).toContain(secret);
  await loadSecrets([op("op://odd/item/field")]);
  const spellings = [secret, encodeURIComponent(secret)];
  for (const each of spellings) {
    expect(masker.text(`the backend said: ${each}!`)).toBe("the backend said: [masked]!");
    expect(masker.json({ note: [`a ${each} b`], [each]: 1 })).toBe('{"note":["a [masked] b"],"[masked]":1}');
    expect(masker.jsonText(JSON.stringify({ deep: JSON.stringify({ note: each }) }))).toBe(
      JSON.stringify({ deep: '{"note":"[masked]"}' }),
    );
    expect(JSON.stringify(masker.value({ error: new Error(`no: ${each}`) }))).not.toContain(each);
  }
  expect(readFileSync(join(folder, "value"), "utf8")).toBe(secret);
});
