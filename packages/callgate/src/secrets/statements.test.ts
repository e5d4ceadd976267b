import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, type JWK, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openKeyRing } from "./key-ring.ts";
import { parseRing, toRingText, withNextInUse, withNextKey } from "./ring.ts";
import { createStatementSigner, type StatementSigner } from "./statements.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-statements-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const terms = { audience: "https://crm.internal", seconds: 60 };
const signer = (): StatementSigner =>
  createStatementSigner(openKeyRing({ folder }), { issuer: "https://gate.example", clock: Date.now });
const keysOf = (from: StatementSigner) => createLocalJWKSet({ keys: from.publicKeys() as unknown as JWK[] });
const rules = { issuer: "https://gate.example", audience: terms.audience, algorithms: ["EdDSA"] };

function rotate(change: typeof withNextKey): void {
  const path = join(folder, "keyring.json");
  writeFileSync(path, toRingText(change(parseRing(readFileSync(path, "utf8"), path), Date.now())), { mode: 0o600 });
}

it("says for whom a call is, so that anybody with the public keys can verify it, and for nobody else", async () => {
  const jwt = await signer().sign({ sub: "user:anna", tenant: "north", tool: "find_contacts" }, terms);
  const { payload, protectedHeader } = await jwtVerify(jwt, keysOf(signer()), rules);
  expect(payload).toMatchObject({ sub: "user:anna", tenant: "north", tool: "find_contacts", iss: rules.issuer });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  expect(protectedHeader).toMatchObject({ alg: "EdDSA", kid: signer().publicKeys()[0]?.kid });
  await expect(jwtVerify(jwt, keysOf(signer()), { ...rules, audience: "https://other" })).rejects.toThrow(/aud/);
});

it("is verified by no key of another gate", async () => {
  const jwt = await signer().sign({ sub: "user:anna" }, terms);
  rmSync(join(folder, "keyring.json"));
  await expect(jwtVerify(jwt, keysOf(signer()), rules)).rejects.toThrow(/no applicable key/);
});

it("shows a key before it signs, and for as long as the ring has it", async () => {
  const before = await signer().sign({ sub: "user:anna" }, terms);
  rotate(withNextKey);
  const shown = keysOf(signer());
  rotate(withNextInUse);
  const after = await signer().sign({ sub: "user:anna" }, terms);
  for (const jwt of [before, after])
    for (const keys of [shown, keysOf(signer())]) await expect(jwtVerify(jwt, keys, rules)).resolves.toBeDefined();
  const kids = [before, after].map(
    (jwt) => JSON.parse(Buffer.from(jwt.split(".")[0] ?? "", "base64url").toString()).kid,
  );
  expect(new Set(kids).size).toBe(2);
});

it("shows nothing of the key ring", () => {
  const shown = JSON.stringify(signer().publicKeys());
  const ring = parseRing(readFileSync(join(folder, "keyring.json"), "utf8"), "");
  for (const { sealing, chain } of ring.keys)
    for (const secret of [sealing, chain]) expect(shown).not.toContain(secret);
  expect(shown).not.toContain('"d"');
});
