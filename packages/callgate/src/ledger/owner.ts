import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Names this process as the holder of ledger rows: machine, process id and a part of chance. */
export function newOwner(): string {
  return `${hostname()}/${process.pid}/${randomBytes(6).toString("hex")}`;
}

/** True where the owner was a process of this machine that is no more. A row of such an owner is nobody's, whatever its lease says. */
export function isOwnerGone(owner: string, self: string): boolean {
  if (owner === self) return false;
  const [host, pid] = owner.split("/");
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
