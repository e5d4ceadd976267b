import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DefinitionError } from "../define/definition-error.ts";
import { env } from "../define/secret.ts";
import { refuseOddUpstream } from "./refuse-odd-upstream.ts";
import type { UpstreamOptions } from "./upstream-options.ts";

const program = { command: "npx", args: ["-y", "crm-server@1.2.3"] };
const token = `ghp_${"a".repeat(36)}`;

it.each([
  ["no options", undefined, /its options is null\. Write it as an object: \{ command/],
  ["an address alone", "https://crm.example/mcp", /its options is .*Write it as an object/],
  ["no address", { reads: [] }, /not one address/],
  ["two", { ...program, url: "https://crm.example/mcp" }, /not one address/],
  ["a package of any version", { ...program, args: ["-y", "crm-server@latest"] }, /exact version/],
  ["a misspelt setting", { ...program, raeds: ["a"] }, /Did you mean "reads"/],
  ["a misspelt setting of a tool", { ...program, tools: { a: { efect: "read" } } }, /Did you mean "effect"/],
  [
    "a setting of a tool that is like none",
    { ...program, tools: { a: { wrong: 1 } } },
    /version, renamed, deprecated, as, effect/,
  ],
  ["an effect that is none", { ...program, tools: { a: { effect: "wirte" } } }, /read, write, destructive/],
  [
    "an impact that is none",
    { ...program, tools: { a: { impact: "hgh" } } },
    /\{ tools: \{ a: \{ impact \} \} \}\)": its impact is "hgh"\. Use one of normal, high/,
  ],
  [
    "an approval that is none",
    { ...program, approval: "ownr" },
    /\{ approval \}\)": its approval is "ownr"\. Use one of none, client/,
  ],
  ["an approval of a tool", { ...program, tools: { a: { approval: "ownr" } } }, /its approval is "ownr"/],
  ["a rule that is none", { ...program, approval: { rules: [{ when: "input.a >", level: "owner" }] } }, /Write CEL/],
  [
    "a rollout",
    { ...program, rollout: { flag: 1 } },
    /\{ rollout \}\)": its rollout is an object\. Give the key of a flag/,
  ],
  ["a version", { ...program, tools: { a: { version: "2" } } }, /its version is "2"/],
  ["a timeout", { ...program, timeoutMs: Number.NaN }, /its timeoutMs is NaN/],
  ["modes", { ...program, modes: "desk" }, /its modes is "desk"/],
  ["an endpoint", { ...program, endpoint: "onw" }, /Use one of shared, own/],
  ["what is served", { ...program, serve: "none" }, /Use one of all, named/],
  [
    "a tool hidden by a word",
    { ...program, tools: { a: { hidden: "yes" } } },
    /its hidden is "yes"\. Use true or false/,
  ],
  ["a rate that is none", { ...program, tools: { a: { rate: "often" } } }, /calls per time/],
  ["a name that will not do", { ...program, tools: { a: { as: "a b" } } }, /letters, digits/],
  ["a secret among the arguments", { ...program, args: [...program.args, `--token=${token}`] }, /by reference/],
  ["a secret in the environment", { ...program, env: { CRM_TOKEN: "hunter2" } }, /env\("CRM_TOKEN"\)/],
  ["a secret in the address", { url: "https://ann:pw@crm.example/mcp" }, /holds a secret/],
  ["a token in the address", { url: "https://crm.example/mcp?api_key=hunter2" }, /holds a secret/],
  [
    "members of _meta that are the gate's",
    { ...program, clientMeta: ["io.callgate/identity"] },
    /names that clients have/,
  ],
  ["a text as credential", { url: "https://crm.example/mcp", credential: "abc" }, /bearer\(env\("TOKEN"\)\)/],
  [
    "a secret as credential",
    { url: "https://crm.example/mcp", credential: env("CRM") },
    /nothing says how it is shown/,
  ],
  ["an address that is none", { url: "crm" }, /Write it whole/],
  ["a command line in one text", { command: "npx crm-server" }, /no shell/],
])("[B4] refuses %s, with its cure", (_what, options, words) => {
  const refuse = (): void => refuseOddUpstream("crm", options as unknown as UpstreamOptions);
  expect(refuse).toThrow(DefinitionError);
  expect(refuse).toThrow(words);
});

it("takes what is whole", () => {
  expect(() => refuseOddUpstream("crm", { ...program, env: { CRM_TOKEN: env("CRM_TOKEN"), LANG: "C" } })).not.toThrow();
  expect(() => refuseOddUpstream("crm", { url: "https://crm.example/mcp", reads: ["find_*"] })).not.toThrow();
});

it("takes a program without arguments whose path has a space", () => {
  const folder = mkdtempSync(join(tmpdir(), "callgate my server "));
  const command = join(folder, "run");
  expect(() => refuseOddUpstream("crm", { command })).toThrow(/no shell/);
  writeFileSync(command, "");
  expect(() => refuseOddUpstream("crm", { command })).not.toThrow();
  rmSync(folder, { recursive: true });
});
