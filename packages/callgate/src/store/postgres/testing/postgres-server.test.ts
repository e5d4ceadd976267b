import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { findPostgres } from "./postgres-binaries.ts";
import { PostgresServer } from "./postgres-server.ts";
import { describeWithPostgres, usePostgres } from "./use-postgres.ts";

const holdServer = join(import.meta.dirname, "..", "test-processes", "hold-server.ts");

describeWithPostgres("a PostgreSQL for tests", () => {
  const postgres = usePostgres();

  it("has what was committed after a restart and after kill -9", async () => {
    const { server } = postgres;
    await server.query("CREATE TABLE kept (number int)");
    for (const [number, away] of [() => server.stop(), () => server.kill()].entries()) {
      await server.query("INSERT INTO kept VALUES ($1)", [number]);
      await away();
      await expect(server.query("SELECT 1")).rejects.toThrow("ECONNREFUSED");
      await server.start();
      expect(await server.query("SELECT max(number) AS newest FROM kept")).toEqual([{ newest: number }]);
    }
  });

  it("gives each test a database of its own", async () => {
    const [one, other] = [await postgres.newDatabase(), await postgres.newDatabase()];
    expect(one).not.toBe(other);
  });

  it.each(findPostgres())("runs PostgreSQL $version of $from", async (binaries) => {
    const server = await PostgresServer.start({ binaries, fsync: false });
    try {
      const [said] = await server.query("SHOW server_version_num");
      expect(Math.floor(Number(said?.["server_version_num"]) / 10_000)).toBe(binaries.version);
    } finally {
      await server.end();
    }
  });

  it("leaves nothing behind where the process that started it is killed", async () => {
    const child = spawn(process.execPath, [holdServer], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const { pid, folder } = JSON.parse(String(line)) as { readonly pid: number; readonly folder: string };
    expect(existsSync(folder)).toBe(true);
    child.kill("SIGKILL");
    await expect.poll(() => existsSync(folder)).toBe(false);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
