import type { CacheHint } from "../../wire/exchange.ts";
import type { Ending } from "./ending.ts";

/** What is said beside a result: as `_meta` for programs, as text for models. */
export interface Note {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly text: string | undefined;
}

/** A finished answer from JSON text: the text is written once and stands in both `content` and `structuredContent`. */
export function structuredEnding(text: string, value: unknown, note?: Note): Ending {
  const extra = note?.text === undefined ? "" : `,${JSON.stringify(textBlock(note.text))}`;
  const members = `"content":[{"type":"text","text":${JSON.stringify(text)}}${extra}],"structuredContent":${text}`;
  return membersEnding(members, { value, resultText: text, note });
}

/** A finished answer that is text alone. */
export function textEnding(text: string, value: unknown, note?: Note): Ending {
  const content = JSON.stringify(withWords([textBlock(text)], note));
  return membersEnding(`"content":${content}`, { value, resultText: JSON.stringify(text), note });
}

/** Content blocks, and what a note says in words behind them. */
export function withWords<Block>(blocks: readonly Block[], note: Note | undefined): readonly (Block | TextBlock)[] {
  return note?.text === undefined ? blocks : [...blocks, textBlock(note.text)];
}

interface Finished {
  readonly value: unknown;
  readonly resultText: string | undefined;
  readonly note?: Note | undefined;
  readonly cache?: CacheHint;
  /** The members as bytes of UTF-8, where they are prepared. */
  readonly encoded?: Uint8Array;
}

/** A finished answer from its members as JSON text. */
export function membersEnding(members: string, { value, resultText, note, cache, encoded }: Finished): Ending {
  return {
    answer: { kind: "result", members, encoded, resultType: "complete", cache, meta: metaOf(note) },
    outcome: "ok",
    code: undefined,
    category: undefined,
    message: undefined,
    resultText,
    value,
    error: undefined,
    counted: false,
  };
}

/** The one member of an answer that is given to many. */
export interface PreparedMembers {
  readonly of: string;
  readonly text: string;
  readonly encoded: Uint8Array;
}

/** From a member's name and its JSON text. */
export function prepareMembers(name: string, of: string): PreparedMembers {
  const text = `"${name}":${of}`;
  return { of, text, encoded: Buffer.from(text) };
}

/** A finished answer from what is prepared: nobody counts or encodes it again. */
export function preparedEnding({ text, encoded }: PreparedMembers, finished: Finished): Ending {
  return { ...membersEnding(text, { ...finished, encoded }), bytes: encoded.length };
}

interface TextBlock {
  readonly type: "text";
  readonly text: string;
}

function textBlock(text: string): TextBlock {
  return { type: "text", text };
}

function metaOf(note: Note | undefined): string | undefined {
  return note === undefined ? undefined : JSON.stringify(note.meta).slice(1, -1);
}
