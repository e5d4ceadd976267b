import { type FileHandle, open } from "node:fs/promises";
import { CliError } from "../cli-error.ts";
import type { Terminal } from "../terminal.ts";

/** Where many lines go, a batch at a time: a batch is there whole once `write` has resolved. */
export interface LineSink {
  write(lines: string): Promise<void>;
  close(): Promise<void>;
}

/** Lines on stdout, no faster than they are read. */
export function linesToTerminal(terminal: Terminal): LineSink {
  return { write: (lines) => terminal.stream(lines), close: async () => {} };
}

/** Lines in a file that only its owner may read. A file that is there is added to with `goOn`, and never written over: then the `cure` is said. */
export function linesToFile(path: string, options: { readonly goOn: boolean; readonly cure: string }): LineSink {
  let file: FileHandle | undefined;
  return {
    write: async (lines) => {
      file ??= await openFor(path, options);
      const { size } = await file.stat();
      try {
        await file.appendFile(lines);
      } catch (cause) {
        // Half a batch would be written twice by whoever goes on from the last whole one.
        await file.truncate(size);
        throw new CliError("failed", `${path} cannot be written: ${messageOf(cause)}`, { cause });
      }
    },
    close: async () => {
      await file?.sync();
      await file?.close();
    },
  };
}

async function openFor(path: string, { goOn, cure }: Parameters<typeof linesToFile>[1]): Promise<FileHandle> {
  try {
    return await open(path, goOn ? "a" : "ax", 0o600);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST")
      throw new CliError("usage", `${path} is there already.`, { next: cure });
    throw new CliError("failed", `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
