import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hashOf, LISTS, type LockedItem, type LockedUpstream, nameIn } from "./locked.ts";

/** The name of the file that is committed. */
export const LOCK_FILE = "callgate.lock.json";

/** Something that is no lock file, or that somebody has written into. */
export class LockError extends Error {
  override readonly name = "LockError";
}

/** What was accepted, by the names of upstreams. */
export type Lock = Readonly<Record<string, LockedUpstream>>;

/** Reads what `writeLock` wrote; nothing where there is no file. Throws `LockError` with what is wrong. */
export function readLock(path: string): Lock {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const conflict = text.includes("<<<<<<<") ? ": it holds a conflict of a merge" : "";
    throw new LockError(`it is not JSON${conflict}`, { cause: error });
  }
  const { callgate, upstreams } = (value ?? {}) as { callgate?: unknown; upstreams?: unknown };
  if (callgate !== 1 || typeof upstreams !== "object" || upstreams === null)
    throw new LockError("it is no lock file of this version of Callgate");
  for (const [name, locked] of Object.entries(upstreams)) refuseChanged(name, locked as Partial<LockedUpstream>);
  return upstreams as Lock;
}

/** A word that was changed in the file was never the server's. */
function refuseChanged(name: string, locked: Partial<LockedUpstream>): void {
  if (typeof locked !== "object" || locked === null || typeof locked.address !== "object")
    throw new LockError(`what it says of "${name}" is incomplete`);
  for (const list of LISTS) {
    const items: unknown = locked[list];
    if (!Array.isArray(items)) throw new LockError(`what it says of "${name}" is incomplete`);
    for (const item of items as readonly LockedItem[]) {
      if (typeof item?.listed !== "object" || item.listed === null || item.sha256 !== hashOf(item.listed))
        throw new LockError(
          `"${item?.listed === undefined ? list : nameIn(list, item)}" of "${name}" was changed in it by hand`,
        );
    }
  }
}

/** Writes what was accepted of one upstream beside what was of the others: wholly or not at all. Undefined removes it. */
export function writeLock(path: string, name: string, locked: LockedUpstream | undefined): void {
  const { [name]: _before, ...others } = readLock(path);
  const all = Object.entries({ ...others, ...(locked !== undefined && { [name]: locked }) });
  const upstreams = Object.fromEntries(all.toSorted(([left], [right]) => (left < right ? -1 : 1)));
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(beside, `${JSON.stringify({ callgate: 1, upstreams }, null, 2)}\n`);
  renameSync(beside, path);
}
