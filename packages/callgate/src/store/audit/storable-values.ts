/** Databases keep well-formed text without zero bytes; what one would give back differently would not prove. */
export function storableValues(values: readonly unknown[]): readonly unknown[] {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (typeof value === "string" && (value.includes("\0") || !value.isWellFormed())) return values.map(toStorable);
  }
  return values;
}

function toStorable(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value;
}
