import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Resolves with the exit code of a child, or with the signal that ended it. */
export async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal ?? code ?? 0;
}

/** What a child says first, which is that it is ready; or how it ended before that. */
export async function firstWord(
  child: ChildProcess,
  ended: Promise<number | NodeJS.Signals> = endOf(child),
): Promise<{ readonly said: unknown } | { readonly ended: number | NodeJS.Signals }> {
  const first = await Promise.race([once(child, "message") as Promise<[unknown]>, ended]);
  return Array.isArray(first) ? { said: first[0] } : { ended: first };
}
