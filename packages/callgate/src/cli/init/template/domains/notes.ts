import { CallError, defineDomain } from "callgate";
import { z } from "zod";
import { type NotesBook, openNotesBook } from "./notes-book.ts";

const Note = z.object({ note_id: z.int(), text: z.string(), author: z.string(), made_at: z.string() });

/** A domain: three to seven tools around one subject, on one backend. */
export const notes = defineDomain<NotesBook>("notes", {
  owner: "team-notes",
  purpose: "Keeping what the team must not forget.",
  concern: "A note is kept once, however often a call is sent again.",
  backend: {
    required: true,
    start: ({ access }) => openNotesBook(process.env["NOTES_DB"] ?? ".callgate/notes.db", access),
    health: (book) => book.list("", 1),
    stop: (book) => book.close(),
    // A unique column takes the gate's key: see notes-book.
    takesIdempotencyKey: true,
  },
  // `npx callgate smoke notes` tries both: until it has passed, and you have switched add_note on, nobody sees that tool.
  smoke: {
    checks: [{ call: "list_notes", with: { limit: 1 } }],
    refusesWrites: (book) => book.remove(0),
  },
});

notes.read("list_notes", {
  description: "List the notes that hold a text, newest first. Use it to find what the team has written down.",
  scope: "notes:read",
  input: z.object({
    text: z.string().max(100).default("").describe("Words to look for; left out, every note"),
    limit: z.int().min(1).max(100).default(20).describe("Notes at most"),
  }),
  output: z.object({ notes: z.array(Note) }),
  run: ({ text, limit }, { backend }) => ({ notes: [...backend.list(text, limit)] }),
});

notes.write("add_note", {
  description: "Write a note down for the team. Use dry_run first to show what will be kept.",
  scope: "notes:write",
  input: z
    .object({ text: z.string().min(1).max(2_000).describe("What to remember") })
    // `npx callgate check --plans` plans it; models read it too.
    .meta({ examples: [{ text: "The meeting on Friday begins at ten" }] }),
  output: Note,
  // What would happen: runs for dry_run, and before every commit. It has the read connection and changes nothing.
  plan: ({ text }, { subject }) => {
    if (text.trim() === "") throw new CallError("empty_note", "The note says nothing.", { next: "Give it a text." });
    const author = subject.user ?? subject.id;
    return { preview: { action: "add_note", text, author }, text, author };
  },
  // Makes it happen, from the plan alone.
  commit: ({ text, author }, { backend, idempotencyKey }) => backend.add({ text, author, key: idempotencyKey }),
  // After a crash: did it happen?
  lookup: (key, { backend }) => backend.byKey(key),
  // Takes it back, for workflows that fail later.
  undo: ({ note_id }, { backend }) => backend.remove(note_id),
});
