import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { upstream } from "callgate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder, installInto, type Project } from "../../packages/callgate/src/cli/testing/project.ts";
import { runCallgate } from "../../packages/callgate/src/cli/testing/run-callgate.ts";
import { parseUriTemplate } from "../../packages/callgate/src/gate/compile/uri-template.ts";
import { openTestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { RawConnection } from "../../packages/callgate/src/transports/testing/raw-connection.ts";
import { serveOffering } from "../../packages/callgate/src/upstream/testing/serve-offering.ts";
import { type RentalsUnderAttack, startRentals } from "./rentals-under-attack.ts";

const climbing = [
  "/../../../../etc/passwd",
  "/mcp/../../../../etc/passwd",
  "/mcp/..%2f..%2f..%2fetc%2fpasswd",
  "/mcp/%2e%2e/%2e%2e/etc/passwd",
  "/mcp/%252e%252e%252fetc%252fpasswd",
  "/mcp/..%5c..%5cetc%5cpasswd",
  "/mcp/....//....//etc/passwd",
  "/mcp/..;/audit",
  "/mcp/keys/../audit",
  "/mcp/./audit",
  "/mcp//audit",
  "/mcp/audit/",
  "/mcp/%61udit",
  "/mcp/audit%00",
  "/mcp/audit\\..\\keys",
  "/mcpaudit",
  "//mcp/audit",
  "/%6dcp",
  "http://localhost/../mcp/../etc/passwd",
  ".callgate/keyring.json",
  "/.callgate/keyring.json",
  "/gate.db",
];

describe("an address", () => {
  let rentals: RentalsUnderAttack;
  beforeAll(async () => {
    rentals = await startRentals();
  });
  afterAll(() => rentals.close());

  test.each(climbing)("that climbs or is spelt otherwise leads nowhere: %s (SECURITY 29)", async (path) => {
    for (const method of ["GET", "POST"]) {
      const connection = new RawConnection(rentals.port);
      const headers = `host: localhost\r\nauthorization: Bearer ${rentals.keys.operator}\r\n`;
      const more = "content-type: application/json\r\ncontent-length: 2\r\nconnection: close";
      connection.write(`${method} ${path} HTTP/1.1\r\n${headers}${more}\r\n\r\n{}`);
      await connection.untilClosed();
      expect([400, 404]).toContain(connection.statuses[0]);
      expect(connection.received).not.toMatch(/root:|jsonrpc|"kty"|SQLite/);
    }
  });
});

describe("a value within a resource's address", () => {
  const notes = parseUriTemplate("notes://{folder}/{name}");

  test.each([
    "..",
    ".",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "a%2f..%2f..%2fb",
    "..%5c..%5cwindows",
    "%2fetc%2fpasswd",
    "%5c%5chost%5cshare",
    "C%3a%5cwindows",
    "note.txt%00.png",
  ])("leads out of no folder: %s (SECURITY 29)", (value) => {
    expect(notes.match(`notes://mine/${value}`)).toBeUndefined();
    expect(notes.match(`notes://${value}/name`)).toBeUndefined();
  });

  test("may have points and slashes of its own, and is decoded once", () => {
    expect(notes.match("notes://mine/v1..2%2fa.b..c")).toEqual({ folder: "mine", name: "v1..2/a.b..c" });
    expect(notes.match("notes://mine/%252e%252e")).toEqual({ folder: "mine", name: "%2e%2e" });
  });

  test("reaches no server that may decode it once more, and lead out of a folder then (SECURITY 29)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "callgate-paths-"));
    const resourceTemplates = [{ uriTemplate: "notes://{name}", name: "note" }];
    await using stack = new AsyncDisposableStack();
    const server = await serveOffering({ resourceTemplates });
    stack.defer(() => server.close());
    const served = upstream("notes", { url: server.url, lockFile: join(folder, "callgate.lock.json") });
    const gate = stack.use(await openTestGate([served]));
    stack.defer(() => rmSync(folder, { recursive: true }));
    const read = (name: string) => gate.as("ann").request("resources/read", { uri: `notes://${name}` });
    expect((await read("v1..2%252fa")).result).toBeDefined();
    for (const name of ["%252e%252e%252fetc", "%25252e%25252e%25252fetc", "a%255c.%252e"])
      expect((await read(name)).answer, name).toMatchObject({ kind: "error", code: -32_602 });
  });
});

describe("a file that a command makes", { timeout: 60_000 }, () => {
  let project: Project;
  beforeAll(async () => {
    project = emptyFolder();
    await runCallgate(["init"], project);
    installInto(project.folder);
  });
  afterAll(() => project.remove());

  test.each(["there", "still missing"])(
    "is not written through a link to one that is %s (SECURITY 29)",
    async (what) => {
      const target = join(project.folder, `what is ${what}`);
      if (what === "there") writeFileSync(target, "precious");
      const content = (): string | undefined => (existsSync(target) ? readFileSync(target, "utf8") : undefined);
      const before = content();
      symlinkSync(target, join(project.folder, `link to ${what}`));
      const { code, stderr } = await runCallgate(["audit", "export", "--out", `link to ${what}`], project);
      expect([code, stderr]).toEqual([2, expect.stringContaining("is there already")]);
      expect(content()).toBe(before);
    },
  );

  test("of a new gate neither replaces what is there nor goes through a link to elsewhere (SECURITY 29)", async () => {
    const folder = join(project.folder, "new");
    mkdirSync(folder);
    symlinkSync(join(project.folder, "elsewhere.ts"), join(folder, "callgate.config.ts"));
    expect((await runCallgate(["init", "new"], project)).code).not.toBe(0);
    expect(existsSync(join(project.folder, "elsewhere.ts"))).toBe(false);
  });
});
