import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PlannedFile, ProjectPlan } from "./plan-project.ts";

/** Writes what was planned. A new file never replaces one that has come to be in the meantime. */
export function writeProject(folder: string, { files }: ProjectPlan): void {
  for (const file of files) if (file.change !== "kept") write(join(folder, file.path), file);
}

function write(path: string, { content, change }: PlannedFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { flag: change === "created" ? "wx" : "w" });
}
