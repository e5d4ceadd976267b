import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { silentLog } from "../testing/silent-log.ts";
import { Child } from "./child.ts";

const withoutDescriptors = join(import.meta.dirname, "test-processes/without-descriptors.ts");

it.skipIf(process.platform === "win32")(
  "[G1] a program that cannot be started for want of file descriptors is down, and is started once there are some",
  { timeout: 60_000 },
  async () => {
    const limited = `ulimit -n 200; exec "$0" "$@"`;
    const gate = spawn("/bin/sh", ["-c", limited, process.execPath, withoutDescriptors]);
    const [said, complained] = await Promise.all([text(gate.stdout), text(gate.stderr), once(gate, "close")]);
    expect(gate.exitCode, complained).toBe(0);
    expect(JSON.parse(said)).toEqual({
      without: {
        kind: "unreachable",
        sent: false,
        message: expect.stringContaining("could not be started: no file descriptor is left"),
      },
      withSome: "well",
    });
  },
);

/** Says five messages, of which the first takes long to read, and is gone. */
const lastWords = `
  const { writeSync } = require("node:fs");
  const say = (text) => {
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      try { rest = rest.subarray(writeSync(1, rest)); } catch (error) { if (error.code !== "EAGAIN") throw error; }
    }
  };
  for (let id = 0; id < 5; id += 1) say(id + " " + "y".repeat(30_000) + "\\n");
`;

it("[G3] hears what a program said before it ended, though it is left unread for a while (SECURITY 26)", async () => {
  const heard: string[] = [];
  const end = Promise.withResolvers<string>();
  const line = (said: Buffer): void => {
    heard.push(said.toString("latin1", 0, 1));
    const until = performance.now() + (heard.length === 1 ? 100 : 0);
    while (performance.now() < until);
  };
  const program = { command: process.execPath, args: ["-e", lastWords], env: {}, cwd: undefined };
  const options = { name: "crm", ...program, log: silentLog, maxMessageBytes: 1_000_000 };
  const child = new Child(options, { line, ended: end.resolve });
  const why = await end.promise;
  await child.close();
  expect({ heard, why }).toEqual({ heard: ["0", "1", "2", "3", "4"], why: "has ended with exit code 0" });
});
