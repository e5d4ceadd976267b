import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { KeyRingError, newRing, parseRing, type Ring, toRingText } from "./ring.ts";

/** Who may read a ring's file beside its owner: nobody, or its group, as where a mounted secret belongs to one. */
export type RingReaders = "owner" | "group";

const FORBIDDEN: Readonly<Record<RingReaders, number>> = { owner: 0o077, group: 0o027 };

/** The ring in a file; undefined where there is no file. One that others may read is refused. */
export function readRingFile(path: string, readers: RingReaders): Ring | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return undefined;
  refuseOpenFile(path, file, readers);
  return parseRing(readFileSync(path, "utf8"), path);
}

/** Differs whenever the file has been written or replaced. */
export function stateOfFile(path: string): string | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  return file && `${file.ino} ${file.mtimeNs} ${file.size}`;
}

/** Makes a ring where there is none. Of two processes that start at once, the second gets what the first has made. */
export function createRingFile(path: string): Ring {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = writeBeside(path, newRing(Date.now()));
  try {
    // A link fails where the name is taken.
    linkSync(beside, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(beside);
  }
  const ring = readRingFile(path, "owner");
  if (ring === undefined) throw new KeyRingError(`${path} vanished while it was made`);
  return ring;
}

/** Writes a ring to a new file, for its owner alone. */
export function writeRingFile(path: string, ring: Ring): void {
  try {
    writeFileSync(path, toRingText(ring), { mode: 0o600, flag: "wx", flush: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const fault = code === "EEXIST" ? "is there already; it is not overwritten" : `cannot be written (${code})`;
    throw new KeyRingError(`${path} ${fault}`, { cause });
  }
}

/** Puts a ring in the place of what is there, in one step, for its owner alone. */
export function replaceRingFile(path: string, ring: Ring): void {
  const beside = writeBeside(path, ring);
  try {
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function refuseOpenFile(path: string, { mode }: Stats, readers: RingReaders): void {
  if (process.platform === "win32" || (mode & FORBIDDEN[readers]) === 0) return;
  throw new KeyRingError(
    `${path} can be read by other users: make it private (chmod 600), and rotate its keys where somebody may have read them`,
  );
}

function writeBeside(path: string, ring: Ring): string {
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(beside, toRingText(ring), { mode: 0o600, flag: "wx", flush: true });
  return beside;
}
