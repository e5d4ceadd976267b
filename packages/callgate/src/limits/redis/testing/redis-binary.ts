import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The program of a Redis or Valkey server, and where its own libraries are, if they are not the machine's. */
export interface RedisBinary {
  readonly path: string;
  readonly libraries: string | undefined;
}

const NAMES = ["redis-server", "valkey-server"];
const FETCHED = join(tmpdir(), "callgate-redis-server");

let found: RedisBinary | Error | undefined;

/**
 * The server that tests start: the one in `CALLGATE_TEST_REDIS`, else the first on the path, else Debian's, fetched once
 * into a temporary folder without being installed. Throws with what was tried where there is none.
 */
export function findRedis(): RedisBinary {
  found ??= search();
  if (found instanceof Error) throw found;
  return found;
}

function search(): RedisBinary | Error {
  const given = process.env["CALLGATE_TEST_REDIS"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  const path = given === undefined || given === "" ? onPath : given;
  if (path !== undefined) return { path, libraries: undefined };
  try {
    return fetchFromDebian();
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split("\n", 1)[0] : String(error);
    return new Error(`no redis-server or valkey-server is on the path, and none could be fetched by apt-get: ${why}`);
  }
}

function fetchFromDebian(): RedisBinary {
  if (!existsSync(FETCHED)) {
    // Under a name of its own until it is whole: another test may be fetching, too.
    const folder = `${FETCHED}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    execFileSync("apt-get", ["download", "redis-server", "redis-tools", ...librariesOfDebian()], quietIn(folder));
    for (const archive of readdirSync(folder).filter((name) => name.endsWith(".deb")))
      execFileSync("dpkg", ["-x", archive, "."], quietIn(folder));
    renameSync(folder, FETCHED);
  }
  const [triplet = ""] = readdirSync(join(FETCHED, "usr", "lib")).filter((name) => name.includes("-linux-"));
  return { path: join(FETCHED, "usr", "bin", "redis-server"), libraries: join(FETCHED, "usr", "lib", triplet) };
}

/** What the server needs beside the C library, by this release's names. */
function librariesOfDebian(): readonly string[] {
  const said = execFileSync("apt-cache", ["depends", "redis-tools"], { ...quietIn(tmpdir()), encoding: "utf8" });
  const named = [...said.matchAll(/Depends: (lib[\w.+-]+)/g)].map(([, name]) => name ?? "");
  return named.filter((name) => name !== "libc6");
}

function quietIn(cwd: string): { cwd: string; stdio: "pipe"; timeout: number } {
  return { cwd, stdio: "pipe", timeout: 60_000 };
}
