import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldWords } from "../../approvals/field-words.ts";
import { html, shown } from "./markup.ts";
import { previewView } from "./views/preview-view.ts";

const anyText = fc.string({ unit: "binary" });

test("whatever a text holds, none of it becomes markup (SECURITY 32)", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(html`<p title="${text}">`.text.slice('<p title="'.length, -'">'.length)).not.toMatch(/[<>"']/);
      expect(withoutOwnMarkup(shown(text).text)).not.toMatch(/[<>"']/);
    }),
  );
});

test.each([
  ["a right-to-left override", "pay \u202e001 EUR", "U+202E"],
  ["an isolate", "a\u2066b", "U+2066"],
  ["a zero-width space", "pay\u200bpal", "U+200B"],
  ["a soft hyphen", "pay\u00adpal", "U+00AD"],
  ["a no-break space", "1\u00a0000", "U+00A0"],
  ["a Hangul filler", "a\u3164b", "U+3164"],
  ["a blank of Braille", "a\u2800b", "U+2800"],
  ["a tag", "a\u{e0041}b", "U+E0041"],
  ["an escape", "a\u001b[2Jb", "U+001B"],
  ["half a pair", "a\ud800b", "U+D800"],
])("%s is seen by its number (SECURITY 32)", (_, text, number) => {
  expect(shown(text).text).toContain(`<span class="unseen">${number}</span>`);
});

test("words of any script, lines and emoji stay as they are, each within its own direction", () => {
  const text = "Zürich 東京 שלום\nline\ttab \u{1f600}";
  expect(shown(text).text).toBe(`<bdi>${text}</bdi>`);
});

test("every value of a preview is there, as it stands (SECURITY 17)", () => {
  const preview = {
    amount: "1,240.00 EUR",
    nights: 7,
    share: 0.1,
    final: false,
    note: null,
    empty: "",
    checkInDate: "2026-12-01",
    guests: [{ name: "Ann <b>" }, { name: "Bob" }],
    nothing: [],
  };
  const { text } = previewView(preview);
  const plain = text.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  expect(plain).toBe(
    " Amount 1,240.00 EUR Nights 7 Share 0.1 Final no Note (none) Empty (empty) Check in date 2026-12-01 " +
      "Guests Name Ann &lt;b&gt; Name Bob Nothing (none) ",
  );
});

test.each([
  ["guest_id", "Guest id"],
  ["refundTo", "Refund to"],
  ["total (EUR)", "total (EUR)"],
  ["__proto__", "__proto__"],
])("the field %s is read as %s", (name, words) => {
  expect(fieldWords(name)).toBe(words);
});

function withoutOwnMarkup(text: string): string {
  return text.replaceAll(/<\/?bdi>|<span class="unseen">|<\/span>/g, "");
}
