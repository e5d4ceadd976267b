const SEPARATORS = /[^\p{L}\p{N}]+/u;
const JSON_ESCAPES = /\\(?:u[0-9a-fA-F]{4}|.)/g;
const MARKS = /\p{M}/gu;
// oxlint-disable-next-line no-control-regex -- exactly the characters that need no folding but case
const ASCII = /^[\x00-\x7f]*$/;

/** The words of a text as they are looked for: letters and digits, without case and accents. */
export function wordsOf(text: string): readonly string[] {
  return folded(text)
    .split(SEPARATORS)
    .filter((word) => word !== "");
}

/** The words of a row's payload: reason and message are texts; arguments, result and sent are JSON. */
export function payloadWords(payload: readonly (string | null)[]): readonly string[] {
  const [reason, message, ...json] = payload;
  const texts = json.map((text) => text?.replace(JSON_ESCAPES, " "));
  return wordsOf([reason, message, ...texts].filter((text) => typeof text === "string").join(" "));
}

function folded(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize("NFD").replace(MARKS, "").toLowerCase();
}
