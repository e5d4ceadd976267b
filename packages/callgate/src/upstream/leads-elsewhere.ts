/**
 * Whether a text leads out of its place in an address: servers and what stands before them decode paths, some twice, so
 * `%2F` and `%2E` count as what they stand for, however often they are encoded.
 */
export function leadsElsewhere(text: string): boolean {
  const plain = text.replaceAll(/%(?:25)*2e/gi, ".").replaceAll(/%(?:25)*(?:2f|5c)/gi, "/");
  return plain.split(/[/\\]/).some((part) => /^\.{1,2}(?:;|$)/.test(part.trim()));
}
