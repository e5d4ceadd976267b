import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";
import { openTestGate } from "../../gate/testing/open-test-gate.ts";
import { type ServedOffering, serveOffering } from "../../upstream/testing/serve-offering.ts";
import { upstream } from "../../upstream/upstream.ts";
import { startWords } from "./start-words.ts";

const inputSchema = { type: "object" };
let folder: string;
let server: ServedOffering;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-words-"));
  const tools = ["find_contacts", "purge_contacts"].map((name) => ({ name, description: "Of contacts.", inputSchema }));
  server = await serveOffering({ tools });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const crm = (url = server.url): AnyDomain =>
  upstream("crm", { url, lockFile: join(folder, "callgate.lock.json"), reads: ["*"] });

/** What is said at the start of a gate whose server was accepted before. */
async function wordsOf(domain: AnyDomain): Promise<string> {
  const gate = await openTestGate([domain]);
  try {
    return await startWords(gate.gate, "http://127.0.0.1:7400");
  } finally {
    await gate.close();
  }
}

it("counts what is there, and tells why that is not all", async () => {
  expect(await wordsOf(crm())).toMatch(/serves 2 tools .*What crm offers was accepted/s);
  expect(await wordsOf(crm())).toMatch(/serves 2 tools (?!.*crm offers)/s);
  server.offer({ tools: [{ name: "find_contacts", description: "Of contacts.", inputSchema }] });
  const changed =
    "crm offers something else than was accepted: 1 withdrawn. To see what: npx callgate upstreams show crm";
  expect(await wordsOf(crm())).toMatch(new RegExp(`serves 1 of 2 tools .*\n${changed}$`, "s"));
  const { url } = server;
  await server.close();
  const said = await wordsOf(crm(url));
  expect(said).toMatch(/serves 0 of 2 tools /);
  expect(said).toMatch(
    /\ncrm is down: \S.*[^.]\. Start the server.*[^.]\. How it stands: npx callgate upstreams show crm$/,
  );
  server = await serveOffering({});
});

it("sends nobody to accept a server before it is mended, and ends no sentence twice", async () => {
  const { url } = server;
  await server.close();
  const said = await wordsOf(crm(url));
  expect(said).toMatch(/could not be asked: .* Start the server, .* Then accept it: npx callgate upstreams accept crm/);
  expect(said).not.toContain("..");
  server = await serveOffering({});
});

it("tells of a backend of the gate's own that is down", async () => {
  const own = defineDomain("own", {
    owner: "o",
    purpose: "p",
    concern: "c",
    backend: { required: false, start: (): Promise<undefined> => Promise.reject(new Error("no database.")) },
  });
  own.read("greet", { description: "Greets whoever calls.", input: { type: "object" }, run: () => ({}) });
  expect(await wordsOf(own)).toMatch(/serves 0 of 1 tools.*own is down: no database\. Its tools fail/s);
});

it("[W5] counts no write that is off, and all where none can be", async () => {
  const lockFile = join(folder, "callgate.lock.json");
  const domain = upstream("crm", { url: server.url, lockFile, reads: ["find_*"] });
  const gate = await openTestGate([domain], { config: { graduation: "required" } });
  try {
    expect(await startWords(gate.gate, "")).toMatch(/serves 1 of 2 tools .*1 write tool is OFF: nobody sees it/s);
  } finally {
    await gate.close();
  }
  expect(await wordsOf(domain)).toMatch(/serves 2 tools (?!.*OFF)/s);
});

it.each([
  ["writes that every key opens", {}, /opens the write purge_contacts of crm, .*scope: "crm:use"/],
  ["nothing of writes that have a scope", { scope: "crm:use" }, /^(?!.*opens)/s],
])("tells who starts a gate of %s", async (_what, rules, words) => {
  const lockFile = join(folder, "callgate.lock.json");
  const gate = await openTestGate([upstream("crm", { url: server.url, lockFile, reads: ["find_*"], ...rules })]);
  const said = await startWords(gate.gate, "http://127.0.0.1:7400");
  await gate.close();
  expect(said).toMatch(words);
});
