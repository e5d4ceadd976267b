import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

const machine = `${machineName()}:${pidNamespace()}`;

/** Owners of this process. One whose gate has closed stays: a commit of it may still be under way. */
const own = new Set<string>();

/** Names a gate of this process as the holder of ledger rows: machine, process id and a part of chance. */
export function newOwner(): string {
  const owner = `${machine}/${process.pid}/${randomBytes(6).toString("hex")}`;
  own.add(owner);
  return owner;
}

/** True where the owner was a process of this machine that is no more. A row of such an owner is nobody's, whatever its lease says. */
export function isOwnerGone(owner: string): boolean {
  if (own.has(owner)) return false;
  const [where, pid] = owner.split("/");
  if (where !== machine) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Machines may share a host name, and all of them a database. What Linux calls each of its boots is nobody else's. */
function machineName(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return hostname();
  }
}

/** Containers by the same host name do not see each other's processes: their ids say nothing there. Linux alone has such. */
function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
