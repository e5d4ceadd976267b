import { html, type Markup } from "../markup.ts";

/** A page that says one thing. */
export function messageView(
  title: string,
  words: string,
  back: { readonly href: string; readonly words: string },
): Markup {
  return html`<div class="card narrow">
<h1>${title}</h1>
<p>${words}</p>
<div class="deeds"><a class="button" href="${back.href}">${back.words}</a></div>
</div>`;
}
