/** Databases keep well-formed text without zero bytes; what one would give back differently would not prove. */
export function storableValues(values: readonly unknown[]): readonly unknown[] {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (typeof value === "string" && (value.includes("\0") || !value.isWellFormed()))
      return values.map((each) => (typeof each === "string" ? toStorable(each) : each));
  }
  return values;
}

/** A text as a database keeps it. */
export function toStorable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
