/** A text as a pattern that matches it and nothing else, with or without the flag `u`. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
