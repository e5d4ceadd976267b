import { afterEach, expect, it } from "vitest";
import type { CallLog } from "../../define/context.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { LinkEvents } from "../session/link.ts";
import { ofTheGate } from "../session/list-all.ts";
import { requestOptions, soon } from "../testing/request-options.ts";
import { LineLink } from "./line-link.ts";

/** A child that answers each request with its own words, after what it does first. */
const answering = (first: string): string => `
  const { createInterface } = require("node:readline");
  const flood = (text) => {
    const go = () => { while (process.stdout.write(text)); process.stdout.once("drain", go); };
    go();
  };
  createInterface({ input: process.stdin }).on("line", (line) => {
    const { id } = JSON.parse(line);
    ${first};
    process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: { words: "ok" } }) + "\\n");
  });
`;

const open: LineLink[] = [];
afterEach(() => Promise.all(open.splice(0).map((link) => link.close())));

function start(script: string, ended: LinkEvents["ended"] = () => {}): { link: LineLink; logged: string[] } {
  const logged: string[] = [];
  const say = (message: string): void => void logged.push(message);
  const log: CallLog = { debug: say, info: say, warn: say, error: say };
  const child = { name: "odd", command: process.execPath, args: ["-e", script], env: {}, cwd: undefined };
  const link = new LineLink({ ...child, log, maxMessageBytes: 1 << 20 }, { aside: () => {}, ended });
  open.push(link);
  return { link, logged };
}

function ask(link: LineLink): Promise<JsonObject> {
  const { subject } = requestOptions();
  return link.ask({ ...ofTheGate, method: "ping", params: {}, subject, signal: soon() });
}

it("[G7] ends a child that goes on printing what is no message, and logs no more than a hundred lines of it (SECURITY 14)", async () => {
  let end: (error: Error) => void = () => {};
  const ended = new Promise<Error>((resolve) => {
    end = resolve;
  });
  const { link, logged } = start(answering('flood("x\\n".repeat(2_000))'), end);
  const why = "odd said what is no message 1000 times in a row.";
  await expect(ask(link)).rejects.toThrow(why);
  expect((await ended).message).toBe(why);
  expect(logged.length).toBeLessThanOrEqual(101);
});

it("[G7] bears a banner of hundreds of lines, again and again (SECURITY 14)", async () => {
  const { link, logged } = start(answering('process.stdout.write("Welcome!\\n".repeat(600))'));
  for (let call = 0; call < 3; call += 1) expect(await ask(link)).toEqual({ words: "ok" });
  expect(logged.length).toBeLessThanOrEqual(101);
});

it("[G7] logs no more than a hundred answers that nobody waits for (SECURITY 26)", async () => {
  const stray = String.raw`process.stdout.write('{"jsonrpc":"2.0","id":99999,"result":{}}\n'.repeat(5_000))`;
  const { link, logged } = start(answering(stray));
  expect(await ask(link)).toEqual({ words: "ok" });
  expect(logged.length).toBeLessThanOrEqual(101);
});

it.each([
  ["a key twice", `'{"a":1,"a":2}'`],
  ["half a character", `'"\\\\ud800"'`],
  ["more levels than are taken", `"[".repeat(9e4) + "]".repeat(9e4)`],
])("[G7] says at once of an answer that it is not taken, and serves the next (SECURITY 26): %s", async (_, odd) => {
  const answer = `process.stdout.write('{"jsonrpc":"2.0","id":' + id + ',"result":{"odd":' + ${odd} + '}}\\n')`;
  const { link } = start(answering(`if (id === 1) { ${answer}; return; }`));
  await expect(ask(link)).rejects.toMatchObject({
    fault: { kind: "nonsense" },
    message: expect.stringMatching(/^odd answers what is not taken as JSON: [^.]+\.$/),
  });
  expect(await ask(link)).toEqual({ words: "ok" });
});
