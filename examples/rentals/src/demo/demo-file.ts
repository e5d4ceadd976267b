import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { DemoKeys } from "./demo-keys.ts";

export interface Demo {
  readonly url: string;
  readonly keys: DemoKeys;
}

/** The keys of an earlier start, whatever is left of them. */
export function readDemoFile(path: string): Partial<Record<string, unknown>> {
  try {
    const { keys } = JSON.parse(readFileSync(path, "utf8")) as { keys?: unknown };
    return typeof keys === "object" && keys !== null ? keys : {};
  } catch {
    return {};
  }
}

/** Leaves address and keys where tests and people find them; nobody else on this machine may read them. */
export function writeDemoFile(path: string, demo: Demo): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  // The mode of a file that was there already is not changed by writing to it.
  chmodSync(path, 0o600);
}
