import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Note {
  readonly note_id: number;
  readonly text: string;
  readonly author: string;
  readonly made_at: string;
}

/** The system behind the tools: put your own database or API in its place. */
export interface NotesBook {
  list(text: string, limit: number): readonly Note[];
  byKey(key: string): Note | undefined;
  /** The same key never adds twice: it gives the note it has added. */
  add(note: { readonly text: string; readonly author: string; readonly key: string }): Note;
  remove(noteId: number): void;
  close(): void;
}

const COLUMNS = "note_id, text, author, made_at";

/** Opens the notes; the gate opens them twice, to look and to write. With `read`, SQLite itself refuses every write. */
export function openNotesBook(path: string, access: "read" | "write"): NotesBook {
  mkdirSync(dirname(path), { recursive: true });
  createIfMissing(path);
  const database = new DatabaseSync(path, { readOnly: access === "read", timeout: 5_000 });
  const byKey = (key: string): Note | undefined => {
    const row = database.prepare(`SELECT ${COLUMNS} FROM notes WHERE key = ?`).get(key);
    return row as Note | undefined;
  };
  return {
    byKey,
    list: (text, limit) => {
      const query = `SELECT ${COLUMNS} FROM notes WHERE instr(lower(text), lower(?)) > 0 ORDER BY note_id DESC LIMIT ?`;
      return database.prepare(query).all(text, limit) as unknown as Note[];
    },
    add: ({ text, author, key }) => {
      const insert = "INSERT INTO notes (text, author, made_at, key) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING";
      database.prepare(insert).run(text, author, new Date().toISOString(), key);
      const added = byKey(key);
      if (added === undefined) throw new Error("the note that was just added is not there");
      return added;
    },
    remove: (noteId) => void database.prepare("DELETE FROM notes WHERE note_id = ?").run(noteId),
    close: () => database.close(),
  };
}

function createIfMissing(path: string): void {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS notes (
      note_id INTEGER PRIMARY KEY, text TEXT NOT NULL, author TEXT NOT NULL, made_at TEXT NOT NULL, key TEXT NOT NULL UNIQUE
    );`);
  database.close();
}
