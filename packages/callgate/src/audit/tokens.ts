const BYTES_A_TOKEN = 3.4;

/** About how many tokens a JSON text costs a model: an estimate by length, within a third for the usual results. */
export function estimateTokens(length: number): number {
  return Math.ceil(length / BYTES_A_TOKEN);
}
