import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refuseLiteralSecrets } from "./literal-secrets.ts";

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "callgate-literal-")), "callgate.config.ts");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true }));

function judge(line: string): () => void {
  writeFileSync(path, `import { defineGate } from "callgate";\n\n${line}\n`);
  return () => refuseLiteralSecrets(path);
}

/** Written in parts, so that no search for secrets takes this file for a leak. */
it.each([
  ["postgres://", "gate:hunter22@db.internal/gate"],
  ["redis://", ":hunter22@cache:6379"],
  ["ghp_", "0123456789abcdefghijklmnopqrstuvwxyz"],
  ["sk-", "live-0123456789abcdefghij"],
  ["AKIA", "IOSFODNN7EXAMPLE"],
  ["xoxb-", "123456789012-abcdefghij"],
  ["-----BEGIN ", "PRIVATE KEY-----"],
])(
  "[B4] a config that holds a secret itself (%s) is refused, by its line and without it (SECURITY 8)",
  (form, rest) => {
    const refusal = judge(`const secret = "${form}${rest}";`);
    expect(refusal).toThrow(/callgate\.config\.ts:3 holds a secret/);
    expect(refusal).not.toThrow(rest);
  },
);

it.each([
  'store: postgres(env("DATABASE_URL"))',
  "store: postgres(`postgres://gate:${process.env.PASSWORD}@db/gate`)",
  "// an address like postgres://db.internal:5432/gate, or https://tools.example.com",
  'publicUrl: "https://tools.example.com:8443/@team"',
  'description: "Change the password of a guest: it is sent by mail."',
])("[B4] what only speaks of secrets, or says where they are, is not: %s", (line) => {
  expect(judge(line)).not.toThrow();
});
