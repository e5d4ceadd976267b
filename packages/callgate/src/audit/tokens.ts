/** Between data (about 3.2) and its arguments (about 2.7) on one side, and prose (about 4.5) on the other. */
const LETTERS_A_TOKEN = 3.4;

/**
 * About how many tokens a JSON text of this length costs a model: an estimate, for a tokenizer would take longer than
 * the call. For data it is right within a third; for long prose up to half too many.
 */
export function estimateTokens(length: number): number {
  return Math.ceil(length / LETTERS_A_TOKEN);
}
