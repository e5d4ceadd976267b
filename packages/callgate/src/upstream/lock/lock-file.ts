import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { aloneWithFile } from "./alone-with-file.ts";
import { hashOf, LISTS, type LockedItem, type LockedList, type LockedUpstream, nameIn } from "./locked.ts";

/** The name of the file that is committed. */
export const LOCK_FILE = "callgate.lock.json";

/** Something that is no lock file, or that somebody has written into. */
export class LockError extends Error {
  override readonly name = "LockError";
  /** The upstream that it is about; undefined: all of the file. */
  readonly of: string | undefined;

  constructor(message: string, { of, ...options }: ErrorOptions & { readonly of?: string } = {}) {
    super(message, options);
    this.of = of;
  }
}

/** What was accepted, by the names of upstreams. */
export type Lock = Readonly<Record<string, LockedUpstream>>;

interface ReadLock {
  readonly path: string;
  readonly state: string;
  readonly lock: Lock;
}

/** The file that was read last: all upstreams of a gate ask for it, one after the other. */
let lastRead: ReadLock | undefined;

/** Differs whenever the file was written, replaced, or reached by another link; undefined where there is none. */
export function stateOfLock(path: string): string | undefined {
  try {
    const file = statSync(path, { bigint: true, throwIfNoEntry: false });
    return file && `${file.dev} ${file.ino} ${file.mtimeNs} ${file.ctimeNs} ${file.size}`;
  } catch (error) {
    // Whoever reads it then learns why it cannot be reached.
    return String(error);
  }
}

/** Reads what `writeLock` wrote; nothing where there is no file. Throws `LockError` with what is wrong. */
export function readLock(path: string): Lock {
  // Asked before it is read: what is written meanwhile is another state.
  const state = stateOfLock(path);
  if (state === undefined) return {};
  if (lastRead?.path === path && lastRead.state === state) return lastRead.lock;
  const lock = parseLock(readFileSync(path, "utf8"));
  lastRead = { path, state, lock };
  return lock;
}

function parseLock(text: string): Lock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const conflict = text.includes("<<<<<<<") ? ": it holds a conflict of a merge" : "";
    throw new LockError(`it is not JSON${conflict}`, { cause: error });
  }
  const { callgate, upstreams } = isJsonObject(value) ? value : {};
  if (callgate !== 1 || !isJsonObject(upstreams)) throw new LockError("it is no lock file of this version of Callgate");
  for (const [name, locked] of Object.entries(upstreams)) {
    if (!isJsonObject(locked) || !isWhole(locked))
      throw new LockError(`what it says of "${name}" is incomplete`, { of: name });
    refuseChanged(name, locked as Pick<LockedUpstream, LockedList>);
  }
  return upstreams as Lock;
}

/** Whatever stands in the file may have been written there by a person, or by a merge. */
function isWhole({ address, revision, server, instructions = "", ...lists }: JsonObject): boolean {
  return (
    isAddress(address) &&
    [revision, server, instructions].every((text) => typeof text === "string") &&
    LISTS.every((list) => Array.isArray(lists[list]))
  );
}

function isAddress(address: unknown): boolean {
  if (!isJsonObject(address)) return false;
  const { url, command, args, cwd = "", env = [] } = address;
  if (url !== undefined) return typeof url === "string";
  return [command, cwd].every((text) => typeof text === "string") && [args, env].every(areTexts);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** A word that was changed in the file was never the server's. */
function refuseChanged(name: string, locked: Pick<LockedUpstream, LockedList>): void {
  for (const list of LISTS) {
    for (const item of locked[list] as readonly (Partial<LockedItem> | null)[]) {
      const listed = item?.listed;
      if (!isJsonObject(listed) || item?.sha256 !== hashOf(listed))
        throw new LockError(
          `"${isJsonObject(listed) ? nameIn(list, { listed }) : list}" of "${name}" was changed in it by hand`,
          { of: name },
        );
    }
  }
}

/**
 * Writes what is accepted of one upstream, made of what stands there, beside what was of the others: wholly or not at all,
 * and after whatever another process is writing.
 */
export function writeLock(
  path: string,
  name: string,
  change: (before: LockedUpstream | undefined) => LockedUpstream,
): void {
  aloneWithFile(path, () => {
    const { [name]: before, ...others } = readLock(path);
    const all = Object.entries({ ...others, [name]: change(before) });
    const upstreams = Object.fromEntries(all.toSorted(([left], [right]) => (left < right ? -1 : 1)));
    const beside = `${path}.${randomBytes(6).toString("hex")}`;
    writeFileSync(beside, `${JSON.stringify({ callgate: 1, upstreams }, null, 2)}\n`);
    renameSync(beside, path);
    lastRead = undefined;
  });
}
