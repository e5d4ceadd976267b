import { type FileHandle, open } from "node:fs/promises";
import { batchesOf, firstLine, lastLine, toLine } from "../../store/archive/archive-lines.ts";
import type { ArchiveBatch } from "../../store/archive/archived-tables.ts";
import { CliError } from "../cli-error.ts";
import { linesToFile, linesToTerminal } from "../printing/line-sink.ts";
import type { Terminal } from "../terminal.ts";
import type { OpenedStore } from "./store.ts";

const TELL_EVERY_MS = 1_000;

/** Writes all of a store to a file, or to stdout. */
export async function exportStore(
  { declaration, upkeep }: OpenedStore,
  out: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const sink =
    out === undefined ? linesToTerminal(terminal) : linesToFile(out, { goOn: false, cure: "Name another file." });
  const count = new RowCount(terminal, "written");
  try {
    await sink.write(firstLine(declaration.kind, Date.now()));
    await upkeep.read(async (batch) => {
      await sink.write(toLine(batch));
      count.add(batch);
    });
    await sink.write(lastLine(count.rows));
  } finally {
    await sink.close();
  }
  count.end();
  terminal.say("What gates do from now on is not in it: end them before, where it is to be complete.");
}

/** Puts such a file into an empty store. */
export async function importStore({ upkeep }: OpenedStore, path: string, terminal: Terminal): Promise<void> {
  const file = await openFile(path);
  const count = new RowCount(terminal, "read");
  try {
    await upkeep.migrate();
    await upkeep.fill(counted(batchesOf(linesOf(file)), count));
  } finally {
    await file.close();
  }
  count.end();
  terminal.say("The chains of the audit prove. It seals and signs with the ring of this folder, as before.");
}

async function* counted(batches: AsyncIterable<ArchiveBatch>, count: RowCount): AsyncGenerator<ArchiveBatch> {
  for await (const batch of batches) {
    yield batch;
    count.add(batch);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new CliError("usage", `${path} cannot be read: ${cause instanceof Error ? cause.message : ""}`, { cause });
  }
}

/** Begins to read when it is asked for the first line: one that came before would be lost. */
async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  for await (const line of file.readLines()) yield line;
}

/** Rows by table, told once a second while there are more. */
class RowCount {
  readonly rows: Record<string, number> = {};
  readonly #terminal: Terminal;
  readonly #done: string;
  #toldAt: number = performance.now();

  constructor(terminal: Terminal, done: string) {
    this.#terminal = terminal;
    this.#done = done;
  }

  add({ table, rows }: ArchiveBatch): void {
    this.rows[table] = (this.rows[table] ?? 0) + rows.length;
    if (performance.now() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = performance.now();
    this.#terminal.progress(this.#words());
  }

  end(): void {
    this.#terminal.say(this.#words());
  }

  #words(): string {
    const each = Object.entries(this.rows).map(([table, rows]) => `${rows} ${table}`);
    return each.length === 0 ? "Nothing is kept." : `${each.join(", ")} ${this.#done}.`;
  }
}
