import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Says which of the programs are here that some suites need and few machines have. With `--install` it gets what is
 * missing: from Debian's packages where root runs it, a browser else from npm. PostgreSQL comes with the packages of this
 * workspace. A suite whose program is still missing says so itself.
 */
const fetched = join(import.meta.dirname, "..", "node_modules", ".cache", "callgate");
/** A browser in one file, for machines without Debian's. */
const BROWSER_PACKAGE = "@sparticuz/chromium@153.0.0";

const browsers = ["chromium", "chromium-browser", "google-chrome"];
const services = [
  { names: ["redis-server", "valkey-server"], debian: "redis-server" },
  { names: browsers, debian: "chromium" },
  { names: ["wrk"], debian: "wrk" },
  { names: ["nginx"], debian: "nginx-light" },
];

let updated = false;

if (process.argv.includes("--install")) installMissing();
for (const { names, debian } of services) console.log(`${debian}: ${onPath(names) ?? "missing"}`);

function installMissing(): void {
  for (const { names, debian } of services) {
    if (onPath(names) === undefined) tryTo(`install ${debian}`, () => installFromDebian(debian));
  }
  if (onPath(browsers) === undefined) tryTo("fetch a browser from npm", fetchBrowser);
}

function onPath(names: readonly string[]): string | undefined {
  // Debian keeps nginx where only root's path leads.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", fetched];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function tryTo(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    console.error(`Could not ${what}: ${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)}`);
  }
}

function installFromDebian(name: string): void {
  if (process.getuid?.() !== 0) throw new Error("only root may");
  if (!updated) run("apt-get", ["update", "-qq"]);
  updated = true;
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name]);
}

/** The package unpacks its browser when it is asked where it is. */
function fetchBrowser(): void {
  const folder = join(fetched, "browser");
  mkdirSync(folder, { recursive: true });
  run("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", BROWSER_PACKAGE]);
  const ask = `import chromium from "@sparticuz/chromium";
import { copyFileSync } from "node:fs";
copyFileSync(await chromium.executablePath(), ${JSON.stringify(join(fetched, "chromium"))});`;
  execFileSync(process.execPath, ["--input-type=module", "-e", ask], { cwd: folder, timeout: 120_000 });
}

function run(program: string, given: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync(program, given, { env, stdio: ["ignore", "ignore", "pipe"], timeout: 300_000 });
}
