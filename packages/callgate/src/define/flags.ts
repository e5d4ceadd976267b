import { resolve } from "node:path";
import type { Provider } from "@openfeature/server-sdk";

/** Flags in a file of this machine, in flagd's format; read again whenever it changes. */
export interface FileFlags {
  readonly kind: "file-flags";
  readonly path: string;
}

/** Where a gate's flags are decided: a file, or any OpenFeature provider for servers. `"off"`: none is on for anybody. */
export type FlagSource = FileFlags | Provider | "off";

/**
 * Flags in a file, in flagd's format: targeting and fractional rollout included. A change of the file holds within a
 * second; a file that cannot be used leaves the flags that were, and at the start refuses the start.
 */
export function fileFlags(path: string): FileFlags {
  return Object.freeze({ kind: "file-flags", path: resolve(path) });
}
