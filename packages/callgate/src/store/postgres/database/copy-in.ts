import type { Connection, Submittable } from "pg";

/**
 * Statements and rows in one message, and one transaction: what `before` refuses by an error leaves nothing behind. The
 * rows are sent without waiting to be asked for them: a server that has refused by then reads over them.
 */
export class CopyIn implements Submittable {
  /** Set by the driver, which calls it once; it also keeps the time. */
  callback: ((error: Error | null) => void) | undefined;
  readonly done: Promise<void>;
  readonly #text: string;
  readonly #rows: string;

  constructor(text: string, rows: string) {
    this.#text = text;
    this.#rows = rows;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.callback = (error) => (error === null ? resolve() : reject(error));
  }

  submit(connection: Connection): void {
    // The declared types leave out what the protocol needs here.
    const wire = connection as unknown as {
      query(text: string): void;
      sendCopyFromChunk(chunk: Buffer): void;
      endCopyFrom(): void;
    };
    wire.query(this.#text);
    wire.sendCopyFromChunk(Buffer.from(this.#rows));
    wire.endCopyFrom();
  }

  handleReadyForQuery(): void {
    this.callback?.(null);
  }

  handleError(error: Error): void {
    this.callback?.(error);
  }

  // What else a server says on the way needs no answer.
  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
}

const ESCAPED = /[\\\n\r\t]/;
const ESCAPES = /[\\\n\r\t]/g;
const LETTERS: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A row as COPY reads it in its text format. */
export function toCopyLine(values: readonly (string | number | null)[]): string {
  let line = "";
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) line += "\t";
    if (value === null || value === undefined) line += "\\N";
    else if (typeof value === "string" && ESCAPED.test(value))
      line += value.replace(ESCAPES, (each) => LETTERS[each] ?? each);
    else line += value;
  }
  return `${line}\n`;
}
