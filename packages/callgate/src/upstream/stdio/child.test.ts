import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

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
