import type { Ending } from "./ending.ts";

/** What is said beside a result: as `_meta` for programs, as text for models. */
export interface Note {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly text: string | undefined;
}

/** A finished answer from JSON text: the text is written once and stands in both `content` and `structuredContent`. */
export function structuredEnding(text: string, value: unknown, note?: Note): Ending {
  const extra = note?.text === undefined ? "" : `,{"type":"text","text":${JSON.stringify(note.text)}}`;
  return {
    answer: {
      kind: "result",
      members: `"content":[{"type":"text","text":${JSON.stringify(text)}}${extra}],"structuredContent":${text}`,
      resultType: "complete",
      cache: undefined,
      meta: metaOf(note),
    },
    outcome: "ok",
    code: undefined,
    category: undefined,
    message: undefined,
    resultText: text,
    value,
    error: undefined,
    counted: false,
  };
}

/** A finished answer that is text alone. */
export function textEnding(text: string, value: unknown, note?: Note): Ending {
  const blocks = (note?.text === undefined ? [text] : [text, note.text]).map((said) => ({ type: "text", text: said }));
  return membersEnding(`"content":${JSON.stringify(blocks)}`, { value, resultText: JSON.stringify(text), note });
}

interface Finished {
  readonly value: unknown;
  readonly resultText: string | undefined;
  readonly note?: Note | undefined;
}

/** A finished answer from its members as JSON text. */
export function membersEnding(members: string, { value, resultText, note }: Finished): Ending {
  return {
    answer: { kind: "result", members, resultType: "complete", cache: undefined, meta: metaOf(note) },
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

function metaOf(note: Note | undefined): string | undefined {
  return note === undefined ? undefined : JSON.stringify(note.meta).slice(1, -1);
}
