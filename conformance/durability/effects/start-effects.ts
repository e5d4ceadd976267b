import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { firstWord } from "../../processes/child-life.ts";
import type { Effect, Mood } from "./effect.ts";
import { readEffects } from "./effect-book.ts";

const script = fileURLToPath(new URL("effects-process.ts", import.meta.url));

/** The outside world, running. */
export interface Effects {
  readonly url: string;
  setMood(mood: Mood): void;
  /** All that took place so far. */
  read(): readonly Effect[];
  end(): Promise<void>;
}

/** Starts it with an empty book in this file; resolves once it takes wishes. */
export async function startEffects(book: string, { forgetsKeys = false } = {}): Promise<Effects> {
  const child = fork(script, [JSON.stringify({ book, forgetsKeys })], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const first = await firstWord(child);
  if (!("said" in first)) throw new Error(`the effects process did not start: ${first.ended}`);
  return {
    url: (first.said as { url: string }).url,
    setMood: (mood) => void child.send({ mood }),
    read: () => readEffects(book),
    end: async () => {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
