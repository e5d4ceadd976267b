import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = "gate.json";
const READ_ONLY: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM"]);

/** Where a running gate can be reached, for commands given in the same project. */
export interface RunningGate {
  readonly url: string;
  readonly pid: number;
}

/**
 * Leaves word in the store's folder; gives what takes it back. Where nothing may be written, as in a container whose store is
 * elsewhere, there is no word, and nobody who would look for it.
 */
export function announceGate(folder: string, running: RunningGate): () => void {
  const path = join(folder, NAME);
  if (!leaveWord(folder, running)) return () => {};
  return () => {
    if (readGateFile(path)?.pid === running.pid) rmSync(path, { force: true });
  };
}

function leaveWord(folder: string, running: RunningGate): boolean {
  const path = join(folder, NAME);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
    // The mode of a file that was there already is not changed by writing to it.
    chmodSync(path, 0o600);
    return true;
  } catch (error) {
    if (READ_ONLY.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** The gate that runs from this project; undefined where none does. */
export function findRunningGate(folder: string): RunningGate | undefined {
  const running = readGateFile(join(folder, ".callgate", NAME));
  return running !== undefined && isAlive(running.pid) ? running : undefined;
}

function readGateFile(path: string): RunningGate | undefined {
  try {
    const { url, pid } = JSON.parse(readFileSync(path, "utf8")) as Partial<RunningGate>;
    return typeof url === "string" && typeof pid === "number" ? { url, pid } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
