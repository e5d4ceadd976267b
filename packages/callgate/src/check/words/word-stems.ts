const FILLING: ReadonlySet<string> = new Set(
  `a about after all also an and any are as at be been before but by can do does e each for from g gets had has have if in
  into is it its may more most no not of on once one only or other our out over own s so some such t than that the their
  them then there these they this those to up use used uses using was what when where whether which while who whose will with
  within without you your`.split(/\s+/),
);

/** The words that a text or a name is about, each once, without their endings: `find_bookings` is `find` and `book`. */
export function wordStems(text: string): ReadonlySet<string> {
  const spaced = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  const words = spaced.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1 && !FILLING.has(word));
  return new Set(words.map(stem));
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
