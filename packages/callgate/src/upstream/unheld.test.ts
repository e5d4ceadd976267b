import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestGate } from "../gate/testing/open-test-gate.ts";
import { knownSecrets } from "../secrets/known-secrets.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { type ServedHttp } from "./testing/serve-http.ts";
import { serveScriptedModern } from "./testing/serve-scripted.ts";
import { upstream, upstreamOf } from "./upstream.ts";
import type { NetworkAddress, ProgramAddress } from "./upstream-options.ts";

/** A server over stdio that answers with the text of a file where its tools are asked for. */
const PROGRAM = `
  const { readFileSync } = require("node:fs");
  const { createInterface } = require("node:readline");
  createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    if (id === undefined) return;
    const discovered = '{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}';
    const result = method === "tools/list" ? readFileSync(process.argv[1], "utf8") : discovered;
    process.stdout.write('{"jsonrpc":"2.0","id":' + id + ',"result":' + result + "}\\n");
  });
`;
const find = { name: "find_contacts", description: "Find contacts.", inputSchema: { type: "object" } };
const get = { ...find, name: "get_contact", description: "Get a contact." };
const wiped = { ...find, annotations: { destructiveHint: true } };
const nested = (levels: number): string => `${'{"items":'.repeat(levels)}{}${"}".repeat(levels)}`;

let folder: string;
let http: ServedHttp;
/** Of the list of tools, as the server writes it. */
let text: string;
beforeEach(async () => {
  knownSecrets.add("a secret that nobody says");
  folder = mkdtempSync(join(tmpdir(), "callgate-unheld-"));
  http = await serveScriptedModern({ tools: {} }, ({ method, message, response }) => {
    if (method !== "tools/list") return false;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"jsonrpc":"2.0","id":${String(message["id"])},"result":${text}}`);
    return true;
  });
});
afterEach(async () => {
  await http.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `odd` is JSON that takes the place of the description of the last tool. */
function offer(tools: readonly JsonObject[], odd = '"Odd."'): void {
  text = JSON.stringify({ resultType: "complete", tools }).replace(
    /"description":"[^"]*"(?!.*"description")/s,
    `"description":${odd}`,
  );
  writeFileSync(join(folder, "tools.json"), text);
}

/** How a server stands at the start of a gate. */
async function report(address: ProgramAddress | NetworkAddress) {
  const domain = upstream("crm", { ...address, lockFile: join(folder, "callgate.lock.json"), reads: ["*"] });
  const gate = await openTestGate([domain]);
  const known = upstreamOf(domain)?.report();
  const { logged } = gate;
  await gate.close();
  return { ...known, logged };
}

const ways: readonly (readonly [string, () => ProgramAddress | NetworkAddress])[] = [
  ["stdio", () => ({ command: process.execPath, args: ["-e", PROGRAM, join(folder, "tools.json")] })],
  ["HTTP", () => ({ url: http.url })],
];

describe.each(ways)(
  "[G2] over %s, what cannot be compared counts as not offered, and the others are (SECURITY 21):",
  (_way, address) => {
    it.each([
      ["half a character", String.raw`"Get \ud800"`, "a text in it has half a character"],
      ["half a character in a name", String.raw`{"\ud800":1}`, "a text in it has half a character"],
      ["a number without end", "1e400", "a number in it has no end"],
      ["more levels than a message may have", nested(250), "it is nested deeper than 200 levels"],
      ["more levels than can be compared", nested(6_000), "it is nested deeper than 200 levels"],
      ["more levels than can be read", nested(200_000), "it is nested deeper than 200 levels"],
    ])("%s", async (_what, odd, why) => {
      offer([find, get]);
      expect(await report(address())).toMatchObject({ state: "accepted", unserved: [] });
      offer([wiped, { ...get, description: "" }], odd);
      const { findings, unserved, problem, logged } = await report(address());
      expect(problem).toBeUndefined();
      expect(findings).toMatchObject([
        { name: "find_contacts", kind: "changed", standing: "withdrawn" },
        { name: "get_contact", kind: "gone", standing: "withdrawn" },
      ]);
      expect(unserved).toEqual([{ list: "tools", name: "get_contact", why }]);
      expect(logged).toContainEqual({
        level: "warn",
        message: "something of an upstream cannot be held to anything, and counts as not offered",
        fields: { upstream: "crm", what: `get_contact: ${why}`, next: "callgate upstreams show crm" },
      });
    });
  },
);
