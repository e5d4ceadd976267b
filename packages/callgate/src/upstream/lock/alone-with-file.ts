import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isOwnerGone, newOwner } from "../../ledger/owner.ts";

const LOOK_AGAIN_MS = 10;
/** The work takes milliseconds: whoever has been at it for so long is on a machine that is gone. */
const STALE_MS = 30_000;

/**
 * Does work on a file while no other process does any: whoever wants to holds a file beside it, `.lock`. Others wait,
 * which blocks this process; the one of a process that was killed is taken over.
 */
export function aloneWithFile<Value>(path: string, work: () => Value): Value {
  const lock = `${path}.lock`;
  const owner = newOwner();
  while (!take(lock, owner)) {
    if (!takeOver(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  }
  try {
    return work();
  } finally {
    if (ownerOf(lock) === owner) rmSync(lock, { force: true });
  }
}

/** Whole at once: nobody finds one that does not say yet whose it is. */
function take(lock: string, owner: string): boolean {
  const beside = `${lock}.${randomBytes(6).toString("hex")}`;
  writeFileSync(beside, owner, { flag: "wx" });
  try {
    // A link fails where the name is taken.
    linkSync(beside, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** True where nobody holds it any more. */
function takeOver(lock: string): boolean {
  const owner = ownerOf(lock);
  if (owner === undefined) return true;
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (!isOwnerGone(owner) && age < STALE_MS) return false;
  const aside = `${lock}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(lock, aside);
    // Another process has taken it over meanwhile: what was moved is its own.
    if (ownerOf(aside) !== owner) linkSync(aside, lock);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
}

function ownerOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
