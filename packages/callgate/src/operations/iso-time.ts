/** Milliseconds since the epoch, as answers give times. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
