import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../wire/exchange.ts";
import { modernMessage } from "./testing/modern-request.ts";
import { until } from "./testing/start-echo.ts";

const script = fileURLToPath(new URL("testing/echo-stdio.ts", import.meta.url));
const children: Child[] = [];

/** The echo host as a process of its own. */
class Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly exit: Promise<number | null>;
  out = "";
  err = "";

  constructor(environment: Record<string, string> = {}) {
    this.process = spawn(process.execPath, [script], { env: { ...process.env, ...environment } });
    this.process.stdout.on("data", (chunk) => {
      this.out += chunk;
    });
    this.process.stderr.on("data", (chunk) => {
      this.err += chunk;
    });
    this.process.stdin.on("error", () => {});
    this.exit = new Promise((resolve) => this.process.once("exit", resolve));
    children.push(this);
  }

  send(...messages: JsonObject[]): void {
    this.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  }

  write(text: string | Buffer): void {
    this.process.stdin.write(text);
  }

  get messages(): JsonObject[] {
    return this.out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  async answer(count = 1): Promise<JsonObject[]> {
    await until(() => this.out.split("\n").length > count);
    return this.messages;
  }
}

afterEach(() => {
  for (const child of children.splice(0)) child.process.kill("SIGKILL");
});

const call = (name: string, args: JsonObject, id: string | number = 1): JsonObject =>
  modernMessage("tools/call", { name, arguments: args }, id);

describe("stdio (SECURITY 14)", () => {
  it("answers a message a line, and nothing else reaches standard output", async () => {
    const child = new Child();
    child.send(modernMessage("server/discover", {}, "d"), call("echo", { text: "a\nb\u2028c" }, 2));
    const [discovery, echoed] = await child.answer(2);
    expect(discovery).toMatchObject({ id: "d", result: { supportedVersions: ["2026-07-28"] } });
    expect(echoed).toMatchObject({ id: 2, result: { structuredContent: { text: "a\nb\u2028c" } } });
    for (const careless of ["a dependency says hello", "and another one"]) expect(child.err).toContain(careless);
    child.process.stdin.end();
    expect(await child.exit).toBe(0);
    expect(child.messages).toHaveLength(2);
  });

  it("takes CRLF, empty lines, bytes in any pieces, and a last line without its end", async () => {
    const child = new Child();
    const text = `${JSON.stringify(call("echo", { text: "Zürich 🏠" }, 1))}\r\n\r\n\n${JSON.stringify(call("echo", {}, 2))}\r\n`;
    for (const byte of Buffer.from(text)) child.write(Buffer.of(byte));
    const [first] = await child.answer(2);
    expect(first).toMatchObject({ id: 1, result: { structuredContent: { text: "Zürich 🏠" } } });
    child.write(JSON.stringify(call("echo", {}, 3)));
    child.process.stdin.end();
    expect(await child.exit).toBe(0);
    expect(child.messages.map((message) => message["id"])).toEqual([1, 2, 3]);
  });

  it.for<[string, string | Buffer, number, string | number | null]>([
    ["no JSON", "hello", -32700, null],
    ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), -32700, null],
    ["a doubled key", '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32600, null],
    ["a batch", "[]", -32600, null],
    ["no method", '{"jsonrpc":"2.0","id":5}', -32600, 5],
    ["an unknown method", JSON.stringify(modernMessage("tools/burn", {}, 6)), -32601, 6],
    ["a 2025 client that nobody serves", '{"jsonrpc":"2.0","id":7,"method":"initialize","params":{}}', -32022, 7],
    [
      "an envelope without capabilities",
      '{"jsonrpc":"2.0","id":8,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
      -32602,
      8,
    ],
  ])("answers %s with an error and goes on", async ([_what, line, code, id]) => {
    const child = new Child();
    child.write(Buffer.concat([Buffer.from(line as string), Buffer.from("\n")]));
    child.send(call("echo", {}, "after"));
    expect(await child.answer(2)).toMatchObject([
      { id, error: { code } },
      { id: "after", result: {} },
    ]);
  });

  it("ends with an error on standard error when a line never ends", async () => {
    const child = new Child();
    child.write("x".repeat(1024 * 1024 + 1));
    expect(await child.exit).toBe(1);
    expect(child.err).toContain("a message is longer than 1048576 bytes");
    expect(child.out).toBe("");
  });

  it("ends when the client asks much and reads nothing", async () => {
    const child = new Child();
    child.process.stdout.pause();
    child.send(...[1, 2, 3].map((id) => call("big", { bytes: 9_000_000 }, id)));
    expect(await child.exit).toBe(1);
    expect(child.err).toContain("the client does not read its answers");
  });

  it("answers out of order, streams progress, and cancels one call alone", async () => {
    const child = new Child();
    child.send(call("wait", { key: "a" }, 1), call("progress", { steps: 2 }, 2), call("echo", {}, 3));
    const answers = await child.answer(4);
    expect(answers.map((message) => message["id"] ?? message["method"])).toEqual([
      "notifications/progress",
      "notifications/progress",
      2,
      3,
    ]);
    child.send(call("echo", {}, 1));
    expect((await child.answer(5)).at(-1)).toMatchObject({ id: 1, error: { code: -32600 } });
    child.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
    // The cancelled call is never answered; its id is free again once the host has let go of it.
    child.send(call("echo", { again: true }, 4));
    expect((await child.answer(6)).at(-1)).toMatchObject({ id: 4 });
    child.process.stdin.end();
    await child.exit;
    expect(child.messages.filter((message) => message["id"] === 1)).toHaveLength(1);
  });

  it("opens subscriptions, and ends them with their result when the input ends", async () => {
    const child = new Child();
    child.send(modernMessage("subscriptions/listen", { notifications: { toolsListChanged: true } }, "s"));
    const [acknowledged] = await child.answer();
    expect(acknowledged).toMatchObject({
      method: "notifications/subscriptions/acknowledged",
      params: { _meta: { "io.modelcontextprotocol/subscriptionId": "s" } },
    });
    child.process.stdin.end();
    expect(await child.exit).toBe(0);
    expect(child.messages.at(-1)).toMatchObject({ id: "s", result: { resultType: "complete" } });
  });

  it("lets running calls finish within the grace when the input ends, and no longer", async () => {
    const child = new Child();
    child.send(call("wait", { key: "a" }, 1), call("wait", { key: "a little longer" }, 2), call("echo", {}, 3));
    await child.answer();
    child.process.stdin.end();
    expect(await child.exit).toBe(0);
    expect(child.messages).toMatchObject([
      { id: 3 },
      { id: 2, result: { structuredContent: { outcome: "released" } } },
    ]);
  });

  it("calls with the key that its environment gives", async () => {
    const child = new Child({ CALLGATE_KEY: "wrong" });
    child.send(call("echo", {}));
    expect(await child.answer()).toMatchObject([{ id: 1, error: { code: -32001 } }]);
  });

  it("[B2] ends when its parent dies, even if somebody keeps its input open", async () => {
    const parentScript = `
      const child = require("node:child_process").spawn(process.execPath, [process.argv[1]], { stdio: ["inherit", "inherit", "inherit"] });
      process.stderr.write("child " + child.pid + "\\n");`;
    const parent = spawn(process.execPath, ["-e", parentScript, script], { stdio: ["pipe", "pipe", "pipe"] });
    let err = "";
    let gone = false;
    parent.stderr.on("data", (chunk) => {
      err += chunk;
    });
    // The grandchild holds the other end of this pipe: it closes when that process has ended.
    parent.stdout.on("close", () => {
      gone = true;
    });
    parent.stdout.resume();
    await until(() => /child \d+/.test(err) && err.includes("another one"));
    parent.kill("SIGKILL");
    await until(() => gone);
    expect(gone).toBe(true);
  });
});
