/** Lower case for the 26 letters alone, as `lower()` of both engines has it here: so neither finds more than the other. */
export function toAsciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
