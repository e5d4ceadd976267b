import { fieldWords } from "../../../approvals/field-words.ts";
import { html, type Markup, shown } from "../markup.ts";

/** What would happen, every value of it as it stands: money, dates and numbers are not written anew. */
export function previewView(preview: Readonly<Record<string, unknown>>): Markup {
  const entries = Object.entries(preview);
  if (entries.length === 0) return html`<p class="quiet">The tool shows nothing of what it would do.</p>`;
  return html`<div class="preview">${fieldsView(entries)}</div>`;
}

function fieldsView(entries: readonly (readonly [string, unknown])[]): Markup {
  return html`<dl>${entries.map(
    ([name, value]) =>
      html`<dt>${shown(fieldWords(name))}</dt><dd${typeof value === "number" && html` class="amount"`}>${valueView(value)}</dd>`,
  )}</dl>`;
}

function valueView(value: unknown): Markup {
  if (typeof value === "string") return value === "" ? html`<span class="none">(empty)</span>` : shown(value);
  if (typeof value === "boolean") return html`${value ? "yes" : "no"}`;
  if (value === null || value === undefined) return html`<span class="none">(none)</span>`;
  if (typeof value === "number") return shown(String(value));
  if (typeof value !== "object") return html``;
  if (Array.isArray(value)) return listView(value);
  const entries = Object.entries(value);
  return entries.length === 0 ? html`<span class="none">(empty)</span>` : fieldsView(entries);
}

function listView(values: readonly unknown[]): Markup {
  if (values.length === 0) return html`<span class="none">(none)</span>`;
  return html`<ol>${values.map((value) => html`<li>${valueView(value)}</li>`)}</ol>`;
}
