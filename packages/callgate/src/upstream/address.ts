import nodePath, { type PlatformPath } from "node:path";
import { isProgram, type UpstreamOptions } from "./upstream-options.ts";

/** A program as it is started: where, and with which variables of its own, decide what it is as much as its name does. */
interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** From the folder of the lock file, with `/` on every system: a checkout elsewhere has it elsewhere. */
  readonly cwd?: string;
  /** Names alone: values may be secrets, and other ones tomorrow. */
  readonly env?: readonly string[];
}

/** Where a server was accepted: to whom calls go. */
export type Address = Program | { readonly url: string };

/** Where the config has it, as the lock file at that path holds it. Paths are those of this system unless said otherwise. */
export function addressOf(options: UpstreamOptions, lockPath: string, path: PlatformPath = nodePath): Address {
  if (!isProgram(options)) return { url: options.url };
  const { command, args = [], cwd, env = {} } = options;
  const names = Object.keys(env).toSorted();
  const folder = cwd === undefined ? undefined : path.relative(path.dirname(lockPath), path.resolve(cwd)) || ".";
  return {
    command,
    args,
    ...(folder !== undefined && { cwd: folder.replaceAll(path.sep, "/") }),
    ...(names.length > 0 && { env: names }),
  };
}

/** An address on one line. */
export function addressWords(address: Address): string {
  if ("url" in address) return address.url;
  const { command, args, cwd, env } = address;
  const where = cwd === undefined ? "" : ` in ${cwd}`;
  return `${[command, ...args].join(" ")}${where}${env === undefined ? "" : ` with ${env.join(", ")}`}`;
}

export function isSameAddress(one: Address, other: Address): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function inOrder(address: Address): readonly unknown[] {
  if ("url" in address) return [address.url];
  const { command, args, cwd, env = [] } = address;
  // A lock file may have been written on Windows as its paths are there.
  return [[command, ...args], cwd?.replaceAll("\\", "/"), env];
}
