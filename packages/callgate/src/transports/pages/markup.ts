import { numberOf, UNSEEN } from "../../approvals/unseen.ts";

/** HTML that may be sent as it stands; made by `html` alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: markup as it is, texts and numbers escaped, nothing for what is not there. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/** HTML from a template. Whatever is put into it is escaped, so that it may stand in text and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + toText(contents[at - 1]) + part));
}

function toText(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(toText).join("");
  return escape(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}

/**
 * Somebody else's words, whole: what one would not see, or what would change how the rest reads, stands there by its
 * number, and no text changes the direction of what stands beside it.
 */
export function shown(text: string): Markup {
  const parts: Markup[] = [];
  let from = 0;
  for (const { 0: letter, index } of text.matchAll(UNSEEN)) {
    parts.push(html`${text.slice(from, index)}<span class="unseen">${numberOf(letter)}</span>`);
    from = index + letter.length;
  }
  return html`<bdi>${parts}${text.slice(from)}</bdi>`;
}
