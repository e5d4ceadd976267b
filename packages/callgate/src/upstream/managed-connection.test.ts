import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectStdio } from "./connect-stdio.ts";
import type { UpstreamConnection } from "./connection.ts";
import { soon } from "./testing/request-options.ts";
import { silentLog } from "./testing/silent-log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-managed-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that ends at once, and leaves a mark each time that it is started. */
function connect(): { connection: UpstreamConnection; starts: () => Promise<number> } {
  const mark = join(folder, "mark");
  const connection = connectStdio({
    name: "crm",
    command: "/bin/sh",
    args: ["-c", `echo started >> ${mark}; exit 3`],
    log: silentLog,
  });
  return { connection, starts: async () => (await readFile(mark, "utf8")).trim().split("\n").length };
}

it("[G7] a server that is tried again later is not started any more once its connection is closed", async () => {
  const { connection, starts } = connect();
  const asked = (): Promise<unknown> => connection.health(soon()).catch((error: Error) => error.message);
  // The second try comes at once; the third has to wait.
  await asked();
  await asked();
  const waiting = asked();
  await connection.close();
  const before = await starts();
  expect(await waiting).toContain("is no longer asked: the gate closes");
  expect(await starts()).toBe(before);
});
