import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bearer, defineDomain, env, upstream } from "callgate";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openTestGate, type TestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { type ServedHttp, serveHttp } from "../../packages/callgate/src/upstream/testing/serve-http.ts";

/** Without a form that anybody could know it by. */
const canary = "canary of 77aa and no other";
/** A child's line is cut after so many letters: here, in the midst of what is secret. */
const CUT = 4_000;

let folder: string;
let crm: ServedHttp;
let gate: TestGate;
beforeAll(async () => {
  vi.stubEnv("CANARY", canary);
  folder = mkdtempSync(join(tmpdir(), "callgate-words-"));
  const child = join(folder, "child.mjs");
  writeFileSync(
    child,
    `const secret = process.env.TOKEN;
     console.error("no session for " + secret);
     console.error("x".repeat(${CUT - 10}) + secret);
     process.exitCode = 1;`,
  );
  crm = await serveHttp((request, response) => {
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32603, message: `${canary} is odd` } });
    response.writeHead(200, { "content-type": "application/json" }).end(text);
    request.resume();
  });
  const desk = defineDomain<object>("desk", {
    owner: "team",
    purpose: "Work.",
    concern: "None.",
    backend: {
      required: false,
      credentials: { read: env("CANARY") },
      start: ({ credential }) => {
        throw new Error(`no desk for ${credential}`, { cause: new Error(`password ${credential} refused`) });
      },
    },
  });
  const words = defineDomain("words", { owner: "team", purpose: "Words.", concern: "None." });
  words.read("say_words", {
    description: "Say words.",
    modes: ["desk"],
    input: { type: "object" },
    run: (_, { log }) => {
      log.warn(`${canary} was used`, { error: new Error(`not by ${canary}`) });
      throw new Error(`thrown with ${canary}`);
    },
  });
  const lockFile = join(folder, "callgate.lock.json");
  const domains = [
    desk,
    words,
    upstream("child", { command: process.execPath, args: [child], env: { TOKEN: env("CANARY") }, lockFile }),
    upstream("crm", { url: crm.url, credential: bearer(env("CANARY")), lockFile }),
  ];
  gate = await openTestGate(domains, { folder });
});
afterAll(async () => {
  await gate.close();
  await crm.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it("[B4] masks a secret in the words of a log and of every error, whoever has put it there (SECURITY 30)", async () => {
  const { texts } = await gate.call("say_words");
  expect(texts.join()).not.toContain(canary);
  await expect.poll(() => JSON.stringify(gate.logged)).toContain("no session for [masked]");
  const logged = JSON.stringify(gate.logged);
  for (const said of ["no desk for [masked]", "[masked] was used", "not by [masked]", "thrown with [masked]"])
    expect(logged).toContain(said);
  expect(logged).toContain("[masked] is odd");
  expect(logged).not.toContain("canary");
  // What is left of a text that was cut in the midst of a secret.
  expect(logged).toContain(`${"x".repeat(CUT - 10)}[masked]`);
});
