import { execFileSync } from "node:child_process";
import { constants, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { fillAudit } from "../audit/fill-audit.ts";

const results = fileURLToPath(new URL("../../results/", import.meta.url));

// Four sealed segments of 250,000 rows, and a fifth that is 10,000 calls from being full: the run seals it.
const HELD_ROWS = 1_240_000;

/** A store whose audit holds more than a million rows: filled once, then kept. Gives its folder. */
export async function ensureFilledStore(say: (line: string) => void): Promise<string> {
  const folder = `${results}audit-1m`;
  await fillAudit({ folder, rows: HELD_ROWS, say });
  return folder;
}

/** An own folder for a gate under test: empty, or a copy of a filled store. */
export function prepareGateFolder(name: string, filled: string | undefined): string {
  const folder = `${results}gates/${name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (filled !== undefined) cpSync(filled, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  // A gate waits for the disk with every answer: the copy must not still be on its way there.
  execFileSync("sync");
  return folder;
}

/** How many segments of a gate's audit are sealed. */
export function countSealed(folder: string): number {
  const registry = `${folder}/audit/index.db`;
  if (!existsSync(registry)) return 0;
  const database = new DatabaseSync(registry, { readOnly: true });
  try {
    return Number(database.prepare("SELECT count(*) AS sealed FROM segments WHERE state = 'sealed'").get()?.["sealed"]);
  } finally {
    database.close();
  }
}
