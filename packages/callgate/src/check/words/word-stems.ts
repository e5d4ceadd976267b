const FILLING: ReadonlySet<string> = new Set(
  `a about after all also an and any are as at be been before but by can do does e each for from g gets had has have if in
  into is it its may more most no not of on once one only or other our out over own s so some such t than that the their
  them then there these they this those to up use used uses using was what when where whether which while who whose will with
  within without you your`.split(/\s+/),
);

/** The words that a text or a name is about, each once, without their endings: `find_bookings` is `find` and `book`. */
export function wordStems(text: string): ReadonlySet<string> {
  return new Set(contentWords(text).map(stem));
}

/** Words of a text as they stand in it, the first of each of these stems. */
export function wordsWithStems(text: string, stems: ReadonlySet<string>): readonly string[] {
  const words = contentWords(text).filter((word) => stems.has(stem(word)));
  return [...new Map(words.toReversed().map((word) => [stem(word), word])).values()].toReversed();
}

function contentWords(text: string): readonly string[] {
  const spaced = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1 && !FILLING.has(word));
}

/** The words of a name, however they are joined: `find_bookings`, `find-bookings`, `findBookings`. */
export function wordsOfName(name: string): readonly string[] {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced.split(/[^a-z0-9]+/).filter((word) => word !== "");
}

/** Rough, and the same for every form of most words: that is all that comparing needs. */
function stem(word: string): string {
  if (word.length < 4) return word;
  const plain = word
    .replace(/(?:ies|ied)$/, "y")
    .replace(/(?:sses|shes|ches|xes)$/, (ending) => ending.slice(0, -2))
    .replace(/([^s])s$/, "$1")
    .replace(/(..)(?:ing|ed|er|or|ion)$/, "$1");
  return plain.replace(/e$/, "").replace(/([b-df-hj-np-tv-z])\1$/, "$1");
}
