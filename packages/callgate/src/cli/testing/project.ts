import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../..", import.meta.url));
const MODULES = fileURLToPath(new URL("../../../../../node_modules", import.meta.url));

/** A folder with a gate in it, and everything installed that the gate needs. */
export interface Project {
  readonly folder: string;
  write(name: string, content: string): void;
  remove(): void;
}

/** An empty folder. */
export function emptyFolder(): Project {
  const folder = mkdtempSync(join(tmpdir(), "callgate-cli-"));
  return {
    folder,
    write: (name, content) => writeFileSync(join(folder, name), content),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What `npm install` does for a project that depends on this checkout. */
export function installInto(folder: string): void {
  mkdirSync(join(folder, "node_modules", "@modelcontextprotocol"), { recursive: true });
  symlinkSync(PACKAGE, join(folder, "node_modules", "callgate"));
  for (const name of ["zod", "@modelcontextprotocol/client"]) {
    symlinkSync(join(MODULES, name), join(folder, "node_modules", name));
  }
}
