import { cpSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** A user of this machine by number. */
export interface MachineUser {
  readonly uid: number;
  readonly gid: number;
}

/** Whom a server runs as: PostgreSQL refuses root, so root lends it another user. Undefined: whoever runs the tests. */
export function unprivilegedUser(): MachineUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const user = users.get("postgres") ?? users.get("nobody");
  if (user === undefined)
    throw new Error("PostgreSQL does not run as root, and this machine has no user postgres or nobody");
  return user;
}

/** The folder itself, or a copy of it below `into` where another user cannot get at it. */
export function reachableFor(user: MachineUser | undefined, folder: string, into: string): string {
  if (user === undefined || isOpenToAll(folder)) return folder;
  // The programs find their libraries and texts beside their own folder.
  const copy = join(into, "programs");
  cpSync(dirname(folder), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  const parent = dirname(folder);
  return parent === folder || isOpenToAll(parent);
}
