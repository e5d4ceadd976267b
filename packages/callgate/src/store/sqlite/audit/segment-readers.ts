import { existsSync } from "node:fs";
import { DatabaseReader } from "../database/database-reader.ts";
import { segmentPath, textIndexPath } from "./audit-files.ts";

const READERS_KEPT = 96;

/** Readers of segments and text indexes, open as long as they are in use; the ones longest unused are closed. */
export class SegmentReaders {
  readonly #folder: string;
  readonly #readers = new Map<string, DatabaseReader>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The rows of a segment; undefined as long as nothing has been written to it. */
  rows(number: number): DatabaseReader | undefined {
    return this.#reader(segmentPath(this.#folder, number), "rows");
  }

  /** The text index of a segment; undefined as long as there is none. */
  text(number: number): DatabaseReader | undefined {
    return this.#reader(textIndexPath(this.#folder, number), "words");
  }

  /** Lets go of segments that are no longer there. */
  forget(numbers: ReadonlySet<number>): void {
    for (const [path, reader] of this.#readers) {
      const name = path.slice(this.#folder.length + 1);
      if (numbers.has(Number.parseInt(name, 10))) continue;
      reader.close();
      this.#readers.delete(path);
    }
  }

  close(): void {
    this.forget(new Set());
  }

  #reader(path: string, table: string): DatabaseReader | undefined {
    let reader = this.#readers.get(path);
    if (reader === undefined) {
      if (!existsSync(path)) return undefined;
      reader = new DatabaseReader(path);
      if (!reader.has(table)) {
        reader.close();
        return undefined;
      }
    }
    this.#readers.delete(path);
    this.#readers.set(path, reader);
    this.#closeOldest();
    return reader;
  }

  #closeOldest(): void {
    if (this.#readers.size <= READERS_KEPT) return;
    const [path, reader] = this.#readers.entries().next().value ?? [];
    if (path === undefined) return;
    reader?.close();
    this.#readers.delete(path);
  }
}
